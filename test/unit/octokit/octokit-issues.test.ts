import { describe, expect, it } from 'vitest';
import { mockServer } from '../../support/nock.ts';
import {
  baseSha,
  botUserId,
  expectIdentity,
  headSha,
  makeGitHub,
  mint,
  origin,
  repoPath,
  repository,
} from './harness.ts';

const server = mockServer(origin);
const branch = 'sallyport/issue-2-t0123456';

/** A pull request as GitHub lists it; `change` is what is odd about it. */
function listed(change: object = {}): object {
  const head = { ref: branch, repo: { id: repository.repositoryId } };
  return { number: 9, user: { id: botUserId }, head, ...change };
}

const open = { number: 2, state: 'open', title: 'Dates are off', body: 'Since *then*.' };

describe('an issue', () => {
  it.each([
    [{}, { isPullRequest: false, body: 'Since *then*.' }],
    [{ pull_request: { url: 'x' } }, { isPullRequest: true }],
    [{ body: null }, { body: '' }],
  ])('is read with %j', async (change, said) => {
    server.expects(mint({ issues: 'read' }));
    const answer = { ...open, ...change };
    server.expects({ method: 'GET', path: `${repoPath}/issues/2`, answer });
    const issue = { number: 2, state: 'open', title: 'Dates are off', ...said };
    expect(await makeGitHub().issues.get(repository, 2)).toMatchObject(issue);
  });

  it('that was moved to another repository is not there any more', async () => {
    server.expects(mint({ issues: 'read' }));
    const answer = { ...open, number: 41 };
    server.expects({ method: 'GET', path: `${repoPath}/issues/2`, answer });
    const reading = makeGitHub().issues.get(repository, 2);
    await expect(reading).rejects.toMatchObject({ code: 'github.not-found' });
  });
});

describe('the default branch', () => {
  it('is none where the name belongs to another repository now', async () => {
    server.expects(mint({ contents: 'read' }));
    server.expects({ method: 'GET', path: repoPath, answer: { id: 5, default_branch: 'main' } });
    const reading = makeGitHub().issues.defaultBranch(repository);
    await expect(reading).rejects.toMatchObject({ code: 'github.not-found' });
  });
});

describe('a commit', () => {
  it.each([
    ['ahead', true],
    ['identical', true],
    ['behind', false],
    ['diverged', false],
    ['constructor', false],
  ])('that the default branch is %s of is on it: %s', async (status, isOn) => {
    expectComparison({ answer: { status } });
    expect(await makeGitHub().issues.isOnDefaultBranch(repository, baseSha)).toBe(isOn);
  });

  it('that is gone is not on it', async () => {
    expectComparison({ status: 404, answer: {} });
    expect(await makeGitHub().issues.isOnDefaultBranch(repository, baseSha)).toBe(false);
  });

  it('of which GitHub says nothing is no reason to go on', async () => {
    expectComparison({ status: 403, answer: {} });
    const asking = makeGitHub().issues.isOnDefaultBranch(repository, baseSha);
    await expect(asking).rejects.toMatchObject({ code: 'github.forbidden' });
  });
});

/** The requests that ask whether the default branch has a commit, and the answer to the last of them. */
function expectComparison(answer: { readonly status?: number; readonly answer: unknown }): void {
  server.expects(mint({ contents: 'read' }));
  const named = { id: repository.repositoryId, default_branch: 'main' };
  server.expects({ method: 'GET', path: repoPath, answer: named });
  const ref = { object: { sha: headSha } };
  server.expects({ method: 'GET', path: `${repoPath}/git/ref/heads%2Fmain`, answer: ref });
  const path = `${repoPath}/compare/${baseSha}...${headSha}?per_page=1`;
  server.expects({ method: 'GET', path, ...answer });
}

/** The requests of a branch that GitHub refuses to make, and its answer to the question whether it is there. */
function expectRefusedBranch(look: { readonly status?: number; readonly answer: unknown }): void {
  server.expects(mint({ contents: 'write' }));
  const body = { ref: `refs/heads/${branch}`, sha: baseSha };
  server.expects({ method: 'POST', path: `${repoPath}/git/refs`, body, status: 422, answer: {} });
  const ref = encodeURIComponent(`heads/${branch}`);
  server.expects({ method: 'GET', path: `${repoPath}/git/ref/${ref}`, ...look });
}

describe('a branch', () => {
  it('that is refused and there is no fault', async () => {
    expectRefusedBranch({ answer: { object: { sha: baseSha } } });
    const making = makeGitHub().issues.createBranch(repository, branch, baseSha);
    await expect(making).resolves.toBeUndefined();
  });

  it.each([
    ['that is refused and not there', 404, 'github.rejected'],
    ['of which GitHub does not say whether it is there', 403, 'github.forbidden'],
  ])('%s ends with %s, %s', async (_what, status, code) => {
    expectRefusedBranch({ status, answer: {} });
    const making = makeGitHub().issues.createBranch(repository, branch, baseSha);
    await expect(making).rejects.toMatchObject({ code });
  });

  it('is not looked for where GitHub forbids it', async () => {
    server.expects(mint({ contents: 'write' }));
    server.expects({ method: 'POST', path: `${repoPath}/git/refs`, status: 403, answer: {} });
    const making = makeGitHub().issues.createBranch(repository, branch, baseSha);
    await expect(making).rejects.toMatchObject({ code: 'github.forbidden' });
  });
});

describe('a pull request of the App’s own', () => {
  it.each([
    ['is the newest of its account from the branch', [listed(), listed({ number: 4 })], 9],
    ['is not somebody else’s', [listed({ user: { id: 1 } }), listed({ user: null })], undefined],
    [
      'is not from another branch',
      [listed({ head: { ref: 'x', repo: { id: repository.repositoryId } } })],
      undefined,
    ],
    ['is not from a fork', [listed({ head: { ref: branch, repo: { id: 5 } } })], undefined],
    ['is not from a fork that is gone', [listed({ head: { ref: branch, repo: null } })], undefined],
  ])('%s', async (_what, answer, number) => {
    expectIdentity(server);
    server.expects(mint({ pull_requests: 'read' }));
    const head = encodeURIComponent(`acme:${branch}`);
    server.expects({
      method: 'GET',
      path: `${repoPath}/pulls?head=${head}&state=all&per_page=100`,
      answer,
    });
    expect(await makeGitHub().issues.findPullRequest(repository, branch)).toBe(number);
  });
});

describe('labels', () => {
  const label = (name: string) => `${repoPath}/labels/${name}`;

  it('are found as the repository spells them; those that it lacks are left out', async () => {
    server.expects(mint({ issues: 'read' }));
    server.expects({ method: 'GET', path: label('bug'), answer: { name: 'Bug' } });
    server.expects({ method: 'GET', path: label('a%2Fb'), status: 404 });
    const found = await makeGitHub().issues.existingLabels(repository, ['bug', 'a/b']);
    expect(found).toEqual(['Bug']);
  });

  it('are not taken for missing where GitHub does not say', async () => {
    server.expects(mint({ issues: 'read' }));
    server.expects({ method: 'GET', path: label('bug'), status: 403 });
    const asked = makeGitHub().issues.existingLabels(repository, ['bug']);
    await expect(asked).rejects.toMatchObject({ code: 'github.forbidden' });
  });

  it('are added to those that an issue has', async () => {
    server.expects(mint({ issues: 'write' }));
    const sent = server.expects({
      method: 'POST',
      path: `${repoPath}/issues/9/labels`,
      answer: [{ name: 'Bug' }],
    });
    await makeGitHub().issues.addLabels(repository, 9, ['Bug']);
    expect(sent.body).toEqual({ labels: ['Bug'] });
  });
});
