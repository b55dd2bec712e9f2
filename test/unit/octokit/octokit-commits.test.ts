import { describe, expect, it } from 'vitest';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import { mockServer } from '../../support/nock.ts';
import { baseSha, headSha, makeGitHub, mint, origin, repoPath, repository } from './harness.ts';

const server = mockServer(origin);
const write = mint({ contents: 'write' });
const commit = {
  branch: 'feature/x',
  expectedHeadSha: headSha,
  headline: 'fix: the bug',
  body: 'Task: t1',
  additions: [{ path: RepoPath.parse('a.bin'), bytes: new Uint8Array([0, 255, 10]) }],
  deletions: [RepoPath.parse('old.ts')],
};

describe('committing on a branch', () => {
  it('names repository, branch and expected head, and sends bytes as they are', async () => {
    server.expects(write);
    const sent = server.expects({
      method: 'POST',
      path: '/graphql',
      answer: { data: { createCommitOnBranch: { commit: { oid: baseSha } } } },
    });
    await expect(makeGitHub().commits.commitOnBranch(repository, commit)).resolves.toBe(baseSha);
    expect(sent.body).toEqual({
      query: expect.stringContaining('createCommitOnBranch(input: $input)') as string,
      variables: {
        input: {
          branch: { repositoryNameWithOwner: 'acme/widget', branchName: 'feature/x' },
          expectedHeadOid: headSha,
          message: { headline: 'fix: the bug', body: 'Task: t1' },
          fileChanges: {
            additions: [{ path: 'a.bin', contents: 'AP8K' }],
            deletions: [{ path: 'old.ts' }],
          },
        },
      },
    });
    expect(sent.authorization).toBe('token ghs_4242_one');
  });

  it.each([
    ['STALE_DATA', 'github.stale-head'],
    ['NOT_FOUND', 'github.not-found'],
    ['FORBIDDEN', 'github.forbidden'],
    ['UNPROCESSABLE', 'github.rejected'],
    ['RATE_LIMITED', 'github.unavailable'],
    ['constructor', 'github.rejected'],
    [undefined, 'github.rejected'],
  ])('translates the error type %s to %s and does not try again', async (type, code) => {
    server.expects(write);
    const answer = { data: { createCommitOnBranch: null }, errors: [{ type, message: 'no' }] };
    server.expects({ method: 'POST', path: '/graphql', answer });
    const committing = makeGitHub().commits.commitOnBranch(repository, commit);
    await expect(committing).rejects.toMatchObject({ code });
  });

  it.each([
    [{ status: 502 }, 'github.unavailable'],
    [{ breaks: true }, 'github.unavailable'],
    [{ status: 401 }, 'github.forbidden'],
    [{ status: 200, answer: { data: { createCommitOnBranch: null } } }, 'github.unavailable'],
  ])('ends with a code after %j', async (failure, code) => {
    server.expects(write);
    server.expects({ method: 'POST', path: '/graphql', ...failure });
    const committing = makeGitHub().commits.commitOnBranch(repository, commit);
    await expect(committing).rejects.toMatchObject({ code });
  });

  it('goes to /api/graphql of a GitHub Enterprise Server', async () => {
    const gitHub = makeGitHub({ apiUrl: `${origin}/api/v3` });
    server.expects({ ...write, path: `/api/v3${write.path}` });
    const answer = { data: { createCommitOnBranch: { commit: { oid: baseSha } } } };
    server.expects({ method: 'POST', path: '/api/graphql', answer });
    await expect(gitHub.commits.commitOnBranch(repository, commit)).resolves.toBe(baseSha);
  });
});

describe('the head of a branch', () => {
  const path = `${repoPath}/branches/feature%2Fx`;
  const answer = {
    name: 'feature/x',
    commit: { sha: headSha, commit: { message: 'm\n\nb' }, parents: [{ sha: baseSha }] },
  };

  it('has its message and parents', async () => {
    server.expects(mint({ contents: 'read' }));
    server.expects({ method: 'GET', path, answer });
    await expect(makeGitHub().commits.branchHead(repository, 'feature/x')).resolves.toEqual({
      sha: headSha,
      message: 'm\n\nb',
      parents: [baseSha],
    });
  });

  it.each([
    ['a branch that is gone', { status: 404 }],
    ['a branch that was renamed', { answer: { ...answer, name: 'feature/y' } }],
  ])('is not found for %s', async (_what, answered) => {
    server.expects(mint({ contents: 'read' }));
    server.expects({ method: 'GET', path, ...answered });
    const asking = makeGitHub().commits.branchHead(repository, 'feature/x');
    await expect(asking).rejects.toMatchObject({ code: 'github.not-found' });
  });
});

describe('the tree of a commit', () => {
  const path = `${repoPath}/git/commits/${headSha}`;

  it.each([
    [{ answer: { sha: headSha, tree: { sha: baseSha } } }, baseSha],
    [{ answer: { sha: baseSha, tree: { sha: baseSha } } }, 'github.not-found'],
    [{ answer: { sha: headSha, tree: { sha: 'main' } } }, 'github.unavailable'],
    [{ status: 404 }, 'github.not-found'],
  ])('of %j: %s', async (answered, told) => {
    server.expects(mint({ contents: 'read' }));
    server.expects({ method: 'GET', path, ...answered });
    const asking = makeGitHub().commits.treeOf(repository, headSha);
    expect(await asking.catch((error: unknown) => (error as { code: string }).code)).toBe(told);
  });
});
