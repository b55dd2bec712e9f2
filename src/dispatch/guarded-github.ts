import { TaskId } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import { SallyportError } from '../errors.ts';
import type { CheckRuns } from '../ports/check-runs.ts';
import type { Conversations } from '../ports/conversations.ts';
import type { Commits, GitHub, PullRequests } from '../ports/github.ts';
import type { Issues } from '../ports/issues.ts';
import { hasOwnSecret } from '../report/secret-scan.ts';
import { guardedThreads } from './guarded-threads.ts';
import { OutgoingGuard, type OutgoingParts } from './outgoing-guard.ts';

/**
 * GitHub with a look for secrets at every text on its way there, so that no caller can forget it: what has one is
 * withheld, and the incident is in the ledger before anything is sent. A commit with one is refused.
 * It is the last look. What came out of a sandbox was looked at before it was kept, with the canary of its run and
 * with what the files had before; a commit's files are looked at here for the control plane's own secrets alone.
 */
export function guardGitHub(github: GitHub, parts: OutgoingParts): GitHub {
  const guard = new OutgoingGuard(parts);
  return {
    checkRuns: guardedChecks(github.checkRuns, guard),
    pullRequests: guardedPulls(github.pullRequests, guard),
    reviewThreads: guardedThreads(github.reviewThreads, guard),
    issues: guardedIssues(github.issues, guard),
    conversations: guardedConversations(github.conversations, guard),
    commits: guardedCommits(github.commits, guard),
    permissions: github.permissions,
    files: github.files,
    hookDeliveries: github.hookDeliveries,
    reach: github.reach,
    sourceOf: (repository) => github.sourceOf(repository),
  };
}

function guardedChecks(checkRuns: CheckRuns, guard: OutgoingGuard): CheckRuns {
  return {
    create: async (repository, run) => {
      const taskId = TaskId.safeParse(run.externalId).data ?? null;
      const at = { where: 'check-run', taskId } as const;
      const { annotations } = run;
      const texts = await guard.pass(repository, at, (it) => ({
        output: it.output(run.output),
        ...(annotations === undefined ? {} : { annotations: it.annotations(annotations) }),
      }));
      return checkRuns.create(repository, { ...run, ...texts });
    },
    update: async (repository, checkRunId, change) => {
      const { output, annotations } = change;
      const texts = await guard.pass(repository, { where: 'check-run' }, (it) => ({
        output: it.output(output),
        ...(annotations === undefined ? {} : { annotations: it.annotations(annotations) }),
      }));
      await checkRuns.update(repository, checkRunId, { ...change, ...texts });
    },
    tell: async (repository, checkRunId, output) => {
      const shown = await guard.pass(repository, { where: 'check-run' }, (it) => it.output(output));
      await checkRuns.tell(repository, checkRunId, shown);
    },
    find: (...question) => checkRuns.find(...question),
    list: (...question) => checkRuns.list(...question),
    failed: (...question) => checkRuns.failed(...question),
    annotations: (...question) => checkRuns.annotations(...question),
    jobLog: (...question) => checkRuns.jobLog(...question),
  };
}

function guardedPulls(pullRequests: PullRequests, guard: OutgoingGuard): PullRequests {
  return {
    get: (...question) => pullRequests.get(...question),
    changedPaths: (...question) => pullRequests.changedPaths(...question),
    listOpen: (...question) => pullRequests.listOpen(...question),
    findReview: (...question) => pullRequests.findReview(...question),
    createReview: async (repository, number, review) => {
      const texts = await guard.pass(repository, { where: 'review' }, (it) => ({
        body: it.text(review.body),
        comments: it.comments(review.comments),
      }));
      return pullRequests.createReview(repository, number, { ...review, ...texts });
    },
  };
}

function guardedIssues(issues: Issues, guard: OutgoingGuard): Issues {
  return {
    get: (...question) => issues.get(...question),
    defaultBranch: (...question) => issues.defaultBranch(...question),
    isOnDefaultBranch: (...question) => issues.isOnDefaultBranch(...question),
    findPullRequest: (...question) => issues.findPullRequest(...question),
    // Labels are the operator's words, and exist.
    existingLabels: (...question) => issues.existingLabels(...question),
    addLabels: (...wish) => issues.addLabels(...wish),
    // The name is ours, made of numbers: `issueBranch`.
    createBranch: (...wish) => issues.createBranch(...wish),
    openPullRequest: async (repository, wish) => {
      const texts = await guard.pass(repository, { where: 'pull-request' }, (it) => ({
        title: it.has(wish.title) ? 'Withheld' : wish.title,
        body: it.text(wish.body),
      }));
      return issues.openPullRequest(repository, { ...wish, ...texts });
    },
  };
}

function guardedConversations(conversations: Conversations, guard: OutgoingGuard): Conversations {
  const shown = (repository: RepositoryRef, body: string) =>
    guard.pass(repository, { where: 'comment' }, (it) => it.text(body));
  return {
    comment: async (repository, place, body) =>
      conversations.comment(repository, place, await shown(repository, body)),
    update: async (repository, comment, body) =>
      conversations.update(repository, comment, await shown(repository, body)),
    findComment: (...question) => conversations.findComment(...question),
    read: (...question) => conversations.read(...question),
    replies: (...question) => conversations.replies(...question),
    newest: (...question) => conversations.newest(...question),
    react: (...reaction) => conversations.react(...reaction),
  };
}

function guardedCommits(commits: Commits, guard: OutgoingGuard): Commits {
  return {
    commitOnBranch: async (repository, commit) => {
      const { headline, body, additions, deletions } = commit;
      const paths = [...additions.map(({ path }) => path), ...deletions];
      const isRefused = await guard.pass(repository, { where: 'commit' }, (it) => {
        const inFiles = additions.some(({ bytes }) => hasOwnSecret(asText(bytes), guard.own));
        if (inFiles) it.rule ??= 'own-secret';
        return it.has(headline, body, ...paths) || inFiles;
      });
      if (isRefused) throw new SallyportError('output.secret', 'a secret in a commit');
      return commits.commitOnBranch(repository, commit);
    },
    treeOf: (...question) => commits.treeOf(...question),
    branchHead: (...question) => commits.branchHead(...question),
  };
}

function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
