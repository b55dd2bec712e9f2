import { type Handler, page, pullRequestOf, repositoryOf, text } from '../call.ts';
import { branchHead } from '../git-repository.ts';
import { openPullRequest } from '../open-pull.ts';
import { pullCommits, pullFiles } from '../pull-diff.ts';
import { validationFailed } from '../refusal.ts';
import { viewCommit, viewFile } from '../views/commit.ts';
import { viewPullRequest, viewPullRequestSimple } from '../views/pull.ts';
import { isPullRequest } from '../world.ts';

/** The files API lists at most 3,000 files. */
const MAX_FILES = 3000;

const get: Handler = async (call) => {
  const pullRequest = pullRequestOf(call);
  const [files, commits] = await Promise.all([pullFiles(pullRequest), pullCommits(pullRequest)]);
  return {
    status: 200,
    body: viewPullRequest(call.world, pullRequest, { files, commits: commits.length }),
  };
};

const list: Handler = (call) => {
  const repo = repositoryOf(call);
  const state = call.query['state'] ?? 'open';
  const [base, head] = [call.query['base'], call.query['head']];
  const wanted = [...repo.issues.values()]
    .filter(isPullRequest)
    .filter(
      (one) =>
        (state === 'all' || one.state === state) &&
        (base === undefined || one.pull.baseRef === base) &&
        (head === undefined || `${one.pull.headRepo.owner.login}:${one.pull.headRef}` === head),
    );
  const ordered = call.query['direction'] === 'asc' ? wanted : wanted.toReversed();
  return page(call, ordered, (one) => viewPullRequestSimple(call.world, one));
};

/** Pull requests that the App opens itself, from a branch of the same repository. */
const create: Handler = async (call) => {
  const { world, webhooks } = call;
  const repo = repositoryOf(call);
  const [head = '', base = ''] = [text(call.body, 'head'), text(call.body, 'base')];
  const branch = head.replace(`${repo.owner.login}:`, '');
  for (const [field, name] of [
    ['head', branch],
    ['base', base],
  ] as const) {
    if ((await branchHead(repo.gitDir, name)) === undefined)
      throw validationFailed('PullRequest', field, 'invalid');
  }
  const { pullRequest, announced } = await openPullRequest(
    { world, webhooks, sender: world.bot },
    {
      repo,
      headRepo: repo,
      head: branch,
      base,
      title: text(call.body, 'title') ?? '',
      body: text(call.body, 'body') ?? null,
      draft: call.body['draft'] === true,
    },
  );
  webhooks.background(announced());
  const [files, commits] = await Promise.all([pullFiles(pullRequest), pullCommits(pullRequest)]);
  return {
    status: 201,
    body: viewPullRequest(world, pullRequest, { files, commits: commits.length }),
  };
};

/** Pull requests with their files and commits. */
export const pullHandlers = {
  'pulls/get': get,
  'pulls/list': list,
  'pulls/create': create,
  'pulls/list-files': async (call) => {
    const pullRequest = pullRequestOf(call);
    const files = (await pullFiles(pullRequest)).slice(0, MAX_FILES);
    return page(call, files, (file) =>
      viewFile(call.world, { repo: pullRequest.repo, headSha: pullRequest.pull.headSha }, file),
    );
  },
  'pulls/list-commits': async (call) => {
    const pullRequest = pullRequestOf(call);
    return page(call, await pullCommits(pullRequest), (commit) =>
      viewCommit(call.world, { repo: pullRequest.repo, commit }),
    );
  },
} satisfies Record<string, Handler>;
