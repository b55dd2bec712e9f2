import { describe, expect, it } from 'vitest';
import { mockServer } from '../../support/nock.ts';
import {
  botUserId,
  expectIdentity,
  makeGitHub,
  mint,
  nextPage,
  origin,
  repoPath,
  repository,
} from './harness.ts';

const server = mockServer(origin);
const talk = mint({ issues: 'write', pull_requests: 'write' });
const place = { number: 9, threadId: null };
const comments = `${repoPath}/issues/9/comments`;

describe('commenting', () => {
  it('sends the body and gives the comment’s id', async () => {
    server.expects(talk);
    server.expects({ method: 'POST', path: comments, body: { body: 'Hi' }, answer: { id: 77 } });
    await expect(makeGitHub().conversations.comment(repository, place, 'Hi')).resolves.toBe(77);
  });

  it('is not sent again after a 5xx', async () => {
    server.expects(talk);
    server.expects({ method: 'POST', path: comments, status: 502 });
    const commenting = makeGitHub().conversations.comment(repository, place, 'Hi');
    await expect(commenting).rejects.toMatchObject({ code: 'github.unavailable' });
  });

  it.each([
    ['nothing', ''],
    ['more than 65,536 characters', 'x'.repeat(65_537)],
  ])('refuses %s', async (_what, body) => {
    server.expects(talk);
    const commenting = makeGitHub().conversations.comment(repository, place, body);
    await expect(commenting).rejects.toMatchObject({ code: 'github.rejected' });
  });
});

describe('finding a comment', () => {
  it('goes through the pages and trusts the author’s id, not a copied marker', async () => {
    const list = `${comments}?per_page=100`;
    expectIdentity(server);
    server.expects(talk);
    server.expects({
      method: 'GET',
      path: list,
      answer: [
        { id: 1, body: 'marker', user: { id: 5 } },
        { id: 3, body: 'a marker in a patch', user: { id: botUserId } },
      ],
      answerHeaders: nextPage(`${list}&page=2`),
    });
    const own = { id: 2, body: 'the marker\n', user: { id: botUserId } };
    server.expects({ method: 'GET', path: `${list}&page=2`, answer: [own] });
    const found = makeGitHub().conversations.findComment(repository, place, 'marker');
    await expect(found).resolves.toBe(2);
  });

  it('finds nothing where there is nothing', async () => {
    expectIdentity(server);
    server.expects(talk);
    server.expects({ method: 'GET', path: `${comments}?per_page=100`, answer: [] });
    const found = makeGitHub().conversations.findComment(repository, place, 'marker');
    await expect(found).resolves.toBeUndefined();
  });
});

describe('reacting', () => {
  it.each([200, 201])('is done when GitHub answers %i', async (status) => {
    server.expects(talk);
    server.expects({
      method: 'POST',
      path: `${repoPath}/issues/comments/77/reactions`,
      body: { content: 'eyes' },
      status,
      answer: { id: 1, content: 'eyes' },
    });
    const reacting = makeGitHub().conversations.react(
      repository,
      { commentId: 77, isInThread: false },
      'eyes',
    );
    await expect(reacting).resolves.toBeUndefined();
  });
});

describe('what was said last below an issue', () => {
  const read = mint({ issues: 'read' });
  const updatedAt = '2026-03-04T12:00:00Z';
  const page = (number: number) => `${comments}?per_page=100&page=${number}`;
  const said = (id: number, more: object = {}) => ({
    id,
    body: `${id}`,
    user: { id: 5, login: 'mona' },
    author_association: 'CONTRIBUTOR',
    updated_at: updatedAt,
    ...more,
  });
  const link = (last: number) => ({
    link: `<${origin}${page(2)}>; rel="next", <${origin}${page(last)}>; rel="last"`,
  });
  const ids = async () =>
    (await makeGitHub().conversations.newest(repository, 9)).map(({ commentId }) => commentId);

  it('is told with who said it, and without what somebody hid', async () => {
    expectIdentity(server);
    server.expects(read);
    const answer = [
      said(1, { author_association: 'OWNER', minimized: null }),
      said(2, { user: { id: botUserId, login: 'sallyport[bot]' } }),
      said(3, { minimized: { reason: 'spam' } }),
      said(4, { body: null, user: null }),
    ];
    server.expects({ method: 'GET', path: page(1), answer });
    const common = { isMember: false, isOwn: false, updatedAt };
    await expect(makeGitHub().conversations.newest(repository, 9)).resolves.toEqual([
      { ...common, commentId: 1, login: 'mona', isMember: true, body: '1' },
      { ...common, commentId: 2, login: 'sallyport[bot]', isOwn: true, body: '2' },
      { ...common, commentId: 4, login: 'ghost', body: '' },
    ]);
  });

  it.each([
    [2, [1, 2]],
    [3, [1, 2, 3]],
    [5, [3, 4, 5]],
  ])('is that of the last three of %d pages', async (last, wanted) => {
    expectIdentity(server);
    server.expects(read);
    const asked = new Set([1, last, ...wanted]);
    for (const nth of asked) {
      const answerHeaders = nth === last ? {} : link(last);
      server.expects({ method: 'GET', path: page(nth), answer: [said(nth)], answerHeaders });
    }
    expect(await ids()).toEqual(wanted);
  });

  it('is read to its end where the first page is told with an earlier one', async () => {
    expectIdentity(server);
    server.expects(read);
    for (const [nth, last] of [
      [1, 2],
      [2, 4],
      [3, 4],
      [4, 4],
    ] as const) {
      const answerHeaders = nth === last ? {} : link(last);
      server.expects({ method: 'GET', path: page(nth), answer: [said(nth)], answerHeaders });
    }
    expect(await ids()).toEqual([2, 3, 4]);
  });
});
