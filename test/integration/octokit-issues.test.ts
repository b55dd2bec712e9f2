import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommitSha } from '../../src/domain/ids.ts';
import { RepoPath } from '../../src/domain/repo-path.ts';
import {
  type AdapterStage,
  endAdapterStage,
  makeAdapter,
  startAdapterStage,
} from './octokit-scene.ts';
import { NAME } from './stand-in-scene.ts';

const branch = 'sallyport/issue-2-t0123456';
const wish = { branch, baseRef: 'main', title: 'Apply fixes', body: 'Fixes #2.', isDraft: true };

let at: AdapterStage;
let trunk: CommitSha;

beforeEach(async () => {
  at = await startAdapterStage();
  trunk = CommitSha.parse(await at.stage.gitHub.branchHead(NAME, 'main'));
});

afterEach(() => endAdapterStage(at));

/** The branch at the default branch's head, with one commit of the App's. */
async function committed(): Promise<CommitSha> {
  await at.gitHub.issues.createBranch(at.repository, branch, trunk);
  return at.gitHub.commits.commitOnBranch(at.repository, {
    branch,
    expectedHeadSha: trunk,
    headline: 'Apply fixes',
    body: '',
    additions: [{ path: RepoPath.parse('new.txt'), bytes: Buffer.from('new\n') }],
    deletions: [],
  });
}

describe('issues', () => {
  it('are read with their state, and told from pull requests', async () => {
    const number = await at.stage.gitHub.openIssue(NAME, 'stranger', 'A title', 'A text');
    const { issues } = at.gitHub;
    const open = { number, state: 'open', isPullRequest: false };
    expect(await issues.get(at.repository, number)).toEqual({
      ...open,
      title: 'A title',
      body: 'A text',
    });
    const pull = { number: at.scene.number, state: 'open', isPullRequest: true };
    expect(await issues.get(at.repository, at.scene.number)).toMatchObject(pull);
    await expect(issues.get(at.repository, 77)).rejects.toMatchObject({ code: 'github.not-found' });
  });
});

describe('what was said below an issue', () => {
  it('is read from the end of a long conversation', async () => {
    const { gitHub } = at.stage;
    const number = await gitHub.openIssue(NAME, 'stranger', 'A title');
    for (let nth = 1; nth <= 430; nth += 1) {
      await gitHub.comment(NAME, number, 'stranger', `${nth}`);
    }
    const { conversations } = at.gitHub;
    await conversations.comment(at.repository, { number, threadId: null }, '431');
    const said = await conversations.newest(at.repository, number);
    expect(said.map(({ body }) => Number(body))).toEqual(
      Array.from({ length: 231 }, (_, nth) => nth + 201),
    );
    expect(said[0]).toMatchObject({ login: 'stranger', isMember: false, isOwn: false });
    expect(said.at(-1)).toMatchObject({ isOwn: true });
  });
});

describe('labels', () => {
  it('are those that the repository has, and are put beside those that are there', async () => {
    const { gitHub } = at.stage;
    const number = await gitHub.openIssue(NAME, 'stranger', 'A title');
    gitHub.addLabels(NAME, 'Bug', 'good first issue');
    const { issues } = at.gitHub;
    const there = await issues.existingLabels(at.repository, ['good first issue', 'bug', 'none']);
    expect(there).toEqual(['good first issue', 'Bug']);
    await issues.addLabels(at.repository, number, ['good first issue']);
    await issues.addLabels(at.repository, number, there);
    expect(gitHub.labelsOf(NAME, number)).toEqual(there);
  });
});

describe('the default branch', () => {
  it('is named with its head, by its full name', async () => {
    const { issues } = at.gitHub;
    expect(await issues.defaultBranch(at.repository)).toEqual({ name: 'main', headSha: trunk });
  });
});

describe('a commit', () => {
  it('is on the default branch until its history is rewritten', async () => {
    const { issues } = at.gitHub;
    expect(await issues.isOnDefaultBranch(at.repository, trunk)).toBe(true);
    const { gitHub } = at.stage;
    await gitHub.pushBranch(NAME, 'main', { files: { 'a.txt': 'a' } }, 'mona');
    expect(await issues.isOnDefaultBranch(at.repository, trunk)).toBe(true);
    expect(await issues.isOnDefaultBranch(at.repository, at.headSha)).toBe(false);
    const nowhere = CommitSha.parse('9'.repeat(40));
    expect(await issues.isOnDefaultBranch(at.repository, nowhere)).toBe(false);
  });
});

describe('a branch', () => {
  it('is made at a commit, and is left as it is where it is there', async () => {
    const sha = await committed();
    await at.gitHub.issues.createBranch(at.repository, branch, trunk);
    expect(await at.stage.gitHub.branchHead(NAME, branch)).toBe(sha);
  });

  it('is not made at a commit that is not there', async () => {
    const nowhere = CommitSha.parse('9'.repeat(40));
    await expect(
      at.gitHub.issues.createBranch(at.repository, branch, nowhere),
    ).rejects.toMatchObject({ code: 'github.rejected' });
  });

  it('is there after an answer that was lost', async () => {
    at.stage.gitHub.fault({ method: 'POST', path: '/git/refs', when: 'after' });
    const { issues } = at.gitHub;
    const making = issues.createBranch(at.repository, branch, trunk);
    await expect(making).rejects.toMatchObject({ code: 'github.unavailable' });
    await issues.createBranch(at.repository, branch, trunk);
    expect(await at.stage.gitHub.branchHead(NAME, branch)).toBe(trunk);
  });
});

describe('a pull request', () => {
  it.each([true, false])(
    'is opened, a draft: %s, and found by another process',
    async (isDraft) => {
      const headSha = await committed();
      const number = await at.gitHub.issues.openPullRequest(at.repository, { ...wish, isDraft });
      expect(await at.gitHub.pullRequests.get(at.repository, number)).toMatchObject({
        isDraft,
        headSha,
        baseRef: 'main',
        headRef: branch,
        isFork: false,
      });
      const { issues } = makeAdapter(at.stage);
      expect(await issues.findPullRequest(at.repository, branch)).toBe(number);
      await at.stage.gitHub.closePullRequest(NAME, number, 'mona');
      expect(await issues.findPullRequest(at.repository, branch)).toBe(number);
    },
  );

  it('is not found where there is none, or where somebody else opened it', async () => {
    const { issues } = at.gitHub;
    expect(await issues.findPullRequest(at.repository, branch)).toBeUndefined();
    expect(await issues.findPullRequest(at.repository, 'feature')).toBeUndefined();
  });

  it.each([
    ['a branch that is not there', {}, 1],
    ['no title, unasked', { title: '' }, 0],
    ['a title that is too long, unasked', { title: 'x'.repeat(257) }, 0],
    ['a body that is too long, unasked', { body: 'x'.repeat(65_537) }, 0],
  ])('is refused with %s', async (_what, change, asked) => {
    at.stage.gitHub.expectUnprocessable(asked);
    const opening = at.gitHub.issues.openPullRequest(at.repository, { ...wish, ...change });
    await expect(opening).rejects.toMatchObject({ code: 'github.rejected' });
  });
});
