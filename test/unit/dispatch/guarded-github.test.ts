import { describe, expect, it } from 'vitest';
import { guardGitHub } from '../../../src/dispatch/guarded-github.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import type { GitHub } from '../../../src/ports/github.ts';
import { branchOf, storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { addIssue } from '../../support/fakes/issue-scene.ts';
import { headSha, number, ownSecret, repository, World } from '../../support/fakes/world.ts';

/** Put together here, so that no scanner finds a token in this file. */
const token = `ghp_${'q7Zr2KdW9xLm4Tb8Vc1Nf6Hj3Gs5Py0RkEaU'.slice(0, 36)}`;
const place = { number, threadId: null };
const completed = { status: 'completed', conclusion: 'success' } as const;

/** Everything that the fake GitHub was made to keep. */
function keptBy(world: World): string {
  const { runs, reviews, reviewThreads, comments, branches, issues } = world.github;
  const { threads } = reviewThreads;
  return JSON.stringify([[...runs.values()], reviews, threads, comments, [...branches], issues]);
}

async function checkRun(github: GitHub, summary: string): Promise<number> {
  const output = { title: 'T', summary };
  const run = { name: 'n', headSha, externalId: 'x', state: completed, output };
  return github.checkRuns.create(repository, run);
}

const writes: readonly (readonly [string, string, (github: GitHub) => Promise<unknown>])[] = [
  ['a check run that is made', 'check-run', (github) => checkRun(github, token)],
  [
    'a check run that is written anew',
    'check-run',
    async (github) =>
      github.checkRuns.update(repository, await checkRun(github, 'fine'), {
        state: completed,
        output: { title: 'T', summary: token },
      }),
  ],
  [
    'an annotation',
    'check-run',
    async (github) =>
      github.checkRuns.update(repository, await checkRun(github, 'fine'), {
        state: completed,
        output: { title: 'T', summary: 'fine' },
        annotations: [
          { path: 'a', startLine: 1, endLine: 1, level: 'notice', title: '', message: token },
        ],
      }),
  ],
  [
    'an annotation that a check run is made with',
    'check-run',
    (github) =>
      github.checkRuns.create(repository, {
        name: 'n',
        headSha,
        externalId: 'x',
        state: completed,
        output: { title: 'T', summary: 'fine' },
        annotations: [
          { path: 'a', startLine: 1, endLine: 1, level: 'notice', title: '', message: token },
        ],
      }),
  ],
  [
    'a word on a check run that is open',
    'check-run',
    async (github) =>
      github.checkRuns.tell(repository, await checkRun(github, 'fine'), {
        title: 'T',
        summary: token,
      }),
  ],
  [
    'a review',
    'review',
    (github) =>
      github.pullRequests.createReview(repository, number, { headSha, body: token, comments: [] }),
  ],
  [
    'a comment on a file',
    'comment',
    (github) =>
      github.reviewThreads.commentOnFile(repository, number, { headSha, path: 'a', body: token }),
  ],
  ['a comment', 'comment', (github) => github.conversations.comment(repository, place, token)],
  [
    'a comment that is written anew',
    'comment',
    async (github) => {
      const commentId = await github.conversations.comment(repository, place, 'fine');
      await github.conversations.update(repository, { commentId, isInThread: false }, token);
    },
  ],
  [
    'a pull request',
    'pull-request',
    (github) =>
      github.issues.openPullRequest(repository, {
        branch: 'feature',
        baseRef: 'main',
        title: token,
        body: token,
        isDraft: true,
      }),
  ],
];

async function scene(): Promise<World> {
  const made = new World();
  addIssue(made);
  await storedTask(made, 'done');
  return made;
}

describe('a secret on its way to GitHub', () => {
  it.each(writes)('in %s is withheld, and told in the ledger', async (_what, where, write) => {
    const there = await scene();
    await write(there.context.github);
    expect(keptBy(there)).not.toContain(token);
    const raised = there.ledger.entries.filter(({ type }) => type === 'incident.raised');
    expect(raised).toMatchObject([{ data: { rule: 'github-token', where, repositoryId: 7 } }]);
    expect(JSON.stringify(there.ledger.entries)).not.toContain(token);
  });

  it.each(writes)('in %s is not sent where the ledger cannot be written', async (_w, _o, write) => {
    const there = await scene();
    const append = () => Promise.reject(new Error('no ledger'));
    const { log } = there.context;
    const ledger = { append };
    const github = guardGitHub(there.github, { ledger, log, own: [] });
    await expect(write(github)).rejects.toThrow('no ledger');
    expect(keptBy(there)).not.toContain(token);
  });

  it('is withheld where it is one of the control plane’s own', async () => {
    const there = await scene();
    await checkRun(there.context.github, `x ${ownSecret} y`);
    expect(keptBy(there)).not.toContain(ownSecret);
    const raised = there.ledger.entries.filter(({ type }) => type === 'incident.raised');
    expect(raised).toMatchObject([{ data: { rule: 'own-secret', where: 'check-run' } }]);
  });

  it('leaves the conclusion of a check as it is', async () => {
    const there = await scene();
    const id = await checkRun(there.context.github, token);
    expect(there.github.runs.get(id)?.state).toEqual(completed);
  });
});

describe('a comment on a file', () => {
  it('with a secret in its path is refused', async () => {
    const there = await scene();
    const comment = { headSha, path: `src/${token}`, body: 'fine' };
    const { reviewThreads } = there.context.github;
    const refused = reviewThreads.commentOnFile(repository, number, comment);
    await expect(refused).rejects.toMatchObject({ code: 'output.secret' });
    expect(there.github.reviewThreads.threads).toEqual([]);
    expect(there.ledger.types()).toContain('incident.raised');
  });
});

describe('a commit', () => {
  const commit = (fields: object) => ({
    branch: 'feature',
    expectedHeadSha: headSha,
    headline: 'Apply',
    body: '',
    additions: [],
    deletions: [],
    ...fields,
  });

  it.each([
    ['headline', { headline: token }],
    ['body', { body: token }],
    ['path', { deletions: [RepoPath.parse(`src/${token}`)] }],
    [
      'file, of the control plane itself',
      { additions: [{ path: RepoPath.parse('a'), bytes: Buffer.from(`x ${ownSecret} y`) }] },
    ],
  ])('with a secret in its %s is refused', async (_where, fields) => {
    const there = await scene();
    const { commits } = there.context.github;
    const refused = commits.commitOnBranch(repository, commit(fields));
    await expect(refused).rejects.toMatchObject({ code: 'output.secret' });
    expect(branchOf(there).sha).toBe(headSha);
    expect(there.ledger.types()).toContain('incident.raised');
  });

  it('may keep what its files had before', async () => {
    const there = await scene();
    const { commits } = there.context.github;
    const additions = [{ path: RepoPath.parse('a'), bytes: Buffer.from(token) }];
    await commits.commitOnBranch(repository, commit({ additions }));
    expect(branchOf(there).sha).not.toBe(headSha);
  });
});

it('a patch beside a secret that was there before is not shown, and is no incident', async () => {
  const there = new World();
  const files = { 'src/a.js': `${token}\nnew\n` };
  const task = await storedTask(there, 'awaiting-approval', { files });
  await settleTask(there.context, task.id);
  const run = there.github.runs.get(task.checkRunId ?? 0);
  expect(run?.output.text).toContain('The patch is not shown: there is a secret in it');
  expect(run?.actions).toHaveLength(3);
  expect(there.ledger.types()).not.toContain('incident.raised');
  expect((await storedNow(there, task)).checkConcluded).toBe(true);
});
