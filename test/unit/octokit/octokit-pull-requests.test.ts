import { describe, expect, it } from 'vitest';
import { mockServer } from '../../support/nock.ts';
import {
  baseSha,
  botUserId,
  expectIdentity,
  headSha,
  makeGitHub,
  mint,
  nextPage,
  origin,
  repoPath,
  repository,
} from './harness.ts';

const server = mockServer(origin);
const read = mint({ pull_requests: 'read' });
const write = mint({ pull_requests: 'write' });

function pull(overrides: object = {}): object {
  return {
    number: 9,
    state: 'open',
    draft: false,
    title: 'Parse dates',
    body: 'As <b>asked</b>.',
    updated_at: '2026-01-01T00:00:07Z',
    user: { login: 'mona', id: 5 },
    labels: [{ name: 'wip' }],
    head: { ref: 'feature/x', sha: headSha, repo: { id: 1001 } },
    base: { ref: 'main', sha: baseSha, repo: { id: 1001 } },
    author_association: 'OWNER',
    ...overrides,
  };
}

describe('reading a pull request', () => {
  it('gives what the port promises, with a token that reads pull requests alone', async () => {
    server.expects(read);
    server.expects({ method: 'GET', path: `${repoPath}/pulls/9`, answer: pull() });
    await expect(makeGitHub().pullRequests.get(repository, 9)).resolves.toEqual({
      number: 9,
      state: 'open',
      isDraft: false,
      title: 'Parse dates',
      body: 'As <b>asked</b>.',
      authorLogin: 'mona',
      authorId: 5,
      labels: ['wip'],
      headSha,
      baseSha,
      baseRef: 'main',
      headRef: 'feature/x',
      isFork: false,
      updatedAtMs: Date.UTC(2026, 0, 1, 0, 0, 7),
    });
  });

  it.each([
    ['another repository', { id: 2002 }],
    ['a deleted repository', null],
  ])('counts a head in %s as a fork', async (_where, repo) => {
    server.expects(read);
    const answer = pull({ head: { ref: 'main', sha: headSha, repo }, user: null });
    server.expects({ method: 'GET', path: `${repoPath}/pulls/9`, answer });
    const got = await makeGitHub().pullRequests.get(repository, 9);
    expect(got).toMatchObject({ isFork: true, authorLogin: 'ghost' });
  });

  it.each([
    ['no text', { body: null }, { body: '' }],
    ['more text than GitHub takes', { body: 'a'.repeat(70_000) }, { body: 'a'.repeat(65_536) }],
    ['a title of megabytes', { title: 't'.repeat(5_000_000) }, { title: 't'.repeat(1_024) }],
    [
      'half a character',
      { title: 'a\ud800', body: '\udc00' },
      { title: 'a\ufffd', body: '\ufffd' },
    ],
  ])('takes %s for what it can be', async (_what, answer, said) => {
    server.expects(read);
    server.expects({ method: 'GET', path: `${repoPath}/pulls/9`, answer: pull(answer) });
    expect(await makeGitHub().pullRequests.get(repository, 9)).toMatchObject(said);
  });

  it('knows a repository by its id: the name may have been given to another one', async () => {
    server.expects(read);
    const base = { ref: 'main', sha: baseSha, repo: { id: 2002 } };
    server.expects({ method: 'GET', path: `${repoPath}/pulls/9`, answer: pull({ base }) });
    const getting = makeGitHub().pullRequests.get(repository, 9);
    await expect(getting).rejects.toMatchObject({ code: 'github.not-found' });
  });

  it.each([
    ['a short SHA', pull({ base: { ref: 'main', sha: 'abc', repo: { id: 1 } } })],
    ['an unknown state', pull({ state: 'merged' })],
    ['a page of HTML', '<html>'],
  ])('takes an answer with %s as no answer', async (_what, answer) => {
    server.expects(read);
    server.expects({ method: 'GET', path: `${repoPath}/pulls/9`, answer });
    const getting = makeGitHub().pullRequests.get(repository, 9);
    await expect(getting).rejects.toMatchObject({ code: 'github.unavailable' });
  });
});

describe('creating a review', () => {
  it('is a COMMENT on the reviewed head with every comment on the right side', async () => {
    server.expects(write);
    server.expects({
      method: 'POST',
      path: `${repoPath}/pulls/9/reviews`,
      body: {
        commit_id: headSha,
        body: 'Two things.',
        event: 'COMMENT',
        comments: [
          { path: 'a.ts', body: 'one', line: 4, side: 'RIGHT' },
          { path: 'b.ts', body: 'two', start_line: 2, start_side: 'RIGHT', line: 5, side: 'RIGHT' },
        ],
      },
      answer: { id: 31 },
    });
    const id = await makeGitHub().pullRequests.createReview(repository, 9, {
      headSha,
      body: 'Two things.',
      comments: [
        { path: 'a.ts', line: 4, body: 'one' },
        { path: 'b.ts', line: 5, startLine: 2, body: 'two' },
      ],
    });
    expect(id).toBe(31);
  });

  it.each([
    ['an empty body', { body: '' }],
    ['a body over 65,536', { body: 'x'.repeat(65_537) }],
    ['an empty comment', { comments: [{ path: 'a', line: 1, body: '' }] }],
    ['a comment over 65,536', { comments: [{ path: 'a', line: 1, body: 'x'.repeat(65_537) }] }],
    ['a start at its own line', { comments: [{ path: 'a', line: 2, startLine: 2, body: 'b' }] }],
  ])('refuses %s before anything is sent', async (_what, bad) => {
    server.expects(write);
    const review = { headSha, body: 'b', comments: [], ...bad };
    const creating = makeGitHub().pullRequests.createReview(repository, 9, review);
    await expect(creating).rejects.toMatchObject({ code: 'github.rejected' });
  });

  it('is not sent again after a broken connection', async () => {
    server.expects(write);
    server.expects({ method: 'POST', path: `${repoPath}/pulls/9/reviews`, breaks: true });
    const review = { headSha, body: 'b', comments: [] };
    const creating = makeGitHub().pullRequests.createReview(repository, 9, review);
    await expect(creating).rejects.toMatchObject({ code: 'github.unavailable' });
  });

  it('is rejected, not repeated, when GitHub finds a line outside the diff', async () => {
    server.expects(write);
    const answer = { message: 'Unprocessable Entity', errors: ['Line could not be resolved'] };
    server.expects({ method: 'POST', path: `${repoPath}/pulls/9/reviews`, status: 422, answer });
    const review = { headSha, body: 'b', comments: [] };
    const creating = makeGitHub().pullRequests.createReview(repository, 9, review);
    await expect(creating).rejects.toMatchObject({ code: 'github.rejected', retryable: false });
  });
});

describe('finding a review', () => {
  const list = `${repoPath}/pulls/9/reviews?per_page=100`;
  const marker = '<!-- sallyport t1 -->';
  const copied = { id: 1, body: marker, user: { id: 5, login: 'sallyport-acme[bot]' } };

  it('goes through the pages and trusts the author’s id, not a copied marker or login', async () => {
    expectIdentity(server);
    server.expects(read);
    server.expects({
      method: 'GET',
      path: list,
      answer: [
        copied,
        { id: 2, body: `quotes ${marker} of it`, user: { id: botUserId } },
        { id: 3, user: null },
      ],
      answerHeaders: nextPage(`${list}&page=2`),
    });
    const own = { id: 4, body: `Hello\n${marker}`, user: { id: botUserId } };
    server.expects({ method: 'GET', path: `${list}&page=2`, answer: [own] });
    await expect(makeGitHub().pullRequests.findReview(repository, 9, marker)).resolves.toBe(4);
  });

  it('asks once who it is', async () => {
    expectIdentity(server);
    server.expects(read);
    server.expects({ method: 'GET', path: list, answer: [copied] });
    server.expects({ method: 'GET', path: list, answer: [] });
    const { pullRequests } = makeGitHub();
    await expect(pullRequests.findReview(repository, 9, marker)).resolves.toBeUndefined();
    await expect(pullRequests.findReview(repository, 9, marker)).resolves.toBeUndefined();
  });

  it('does not guess who it is when GitHub does not say, and asks again the next time', async () => {
    const { pullRequests } = makeGitHub({ maxRetries: 0 });
    server.expects({ method: 'GET', path: '/app', status: 503 });
    const first = pullRequests.findReview(repository, 9, marker);
    await expect(first).rejects.toMatchObject({ code: 'github.unavailable' });
    expectIdentity(server);
    server.expects(read);
    server.expects({ method: 'GET', path: list, answer: [] });
    await expect(pullRequests.findReview(repository, 9, marker)).resolves.toBeUndefined();
  });

  it('refuses a key that belongs to another App', async () => {
    server.expects({ method: 'GET', path: '/app', answer: { id: 1, slug: 'other' } });
    const finding = makeGitHub().pullRequests.findReview(repository, 9, marker);
    await expect(finding).rejects.toMatchObject({ code: 'github.forbidden' });
  });
});

describe('the paths that a pull request changes', () => {
  const first = `${repoPath}/pulls/9/files?per_page=100`;

  it('are those of every page, both of a rename', async () => {
    server.expects(read);
    const next = nextPage(`${repoPath}/pulls/9/files?per_page=100&page=2`);
    server.expects({
      method: 'GET',
      path: first,
      answer: [{ filename: 'b.ts', previous_filename: 'a.ts' }],
      answerHeaders: next,
    });
    const path = `${repoPath}/pulls/9/files?per_page=100&page=2`;
    server.expects({ method: 'GET', path, answer: [{ filename: 'c.ts' }] });
    expect(await makeGitHub().pullRequests.changedPaths(repository, 9)).toEqual([
      'b.ts',
      'a.ts',
      'c.ts',
    ]);
  });

  it('are not known where GitHub stops listing', async () => {
    server.expects(read);
    const answer = Array.from({ length: 3_000 }, (_, index) => ({ filename: `f${index}` }));
    server.expects({ method: 'GET', path: first, answer });
    expect(await makeGitHub().pullRequests.changedPaths(repository, 9)).toBeNull();
  });
});
