import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RevalidatedReads } from '../../../src/adapters/octokit/revalidated-reads.ts';
import { makeGitHub, repository } from './harness.ts';

const comments = '/repos/acme/widget/issues/9/comments?per_page=100';
const mine = { authorization: 'token ghs_mine' };

let server: Server;
let origin: string;
/** What the server has at each path; its tag is the text itself. */
let texts: Map<string, { text: string; link?: string; location?: string; status?: number }>;
/** Path, and the tag that was sent along. */
let asked: (readonly [string, string | undefined])[];
/** Does the server say that nothing has changed, whatever it is sent? */
let liesAbout: string | undefined;

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '';
  const tag = request.headers['if-none-match'];
  asked.push([path, tag]);
  const found = texts.get(path) ?? { text: '[]' };
  const etag = `"${Buffer.from(found.text).toString('base64url').slice(0, 60)}${found.text.length}"`;
  const { text, status = 200, ...more } = found;
  const headers = { etag, 'content-type': 'application/json; charset=utf-8', ...more };
  if (tag === etag || liesAbout === path) response.writeHead(304, { etag }).end();
  else response.writeHead(status, headers).end(text);
}

beforeEach(async () => {
  texts = new Map();
  asked = [];
  liesAbout = undefined;
  server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function read(reads: RevalidatedReads, path: string, headers: object = mine) {
  const init = { method: 'GET', headers: { ...headers } };
  const response = await reads.fetch(`${origin}${path}`, init);
  const { status, url } = response;
  const text = await response.text();
  return { status, text, link: response.headers.get('link'), isHere: url.startsWith(origin) };
}

/** The tags that were sent, in order; those of the test's server tell the text. */
const tags = () => asked.map(([, tag]) => (tag === undefined ? 'none' : 'tag'));

describe('a list that was read before', () => {
  it.each([
    comments,
    '/repos/acme/widget/pulls/9',
    '/repos/acme/widget/pulls/9/reviews?per_page=100',
    '/repos/acme/widget/pulls/9/comments?per_page=100&page=2',
    '/repos/acme/widget/pulls/9/files?per_page=100',
    `/repos/acme/widget/commits/${'a'.repeat(40)}/check-runs?app_id=1&filter=all&per_page=100`,
    '/repositories/1001/issues/9/comments?per_page=100&page=2',
    '/api/v3/repos/acme/widget/pulls/9',
  ])('is the same while nothing has changed, and is not sent again: %s', async (path) => {
    const reads = new RevalidatedReads();
    texts.set(path, { text: '[{"body":"ü 😀"}]', link: '<http://x/?page=1>; rel="first"' });
    const first = await read(reads, path);
    expect(first).toMatchObject({ status: 200, text: '[{"body":"ü 😀"}]', isHere: true });
    expect(await read(reads, path)).toEqual(first);
    expect(await read(reads, path)).toEqual(first);
    expect(tags()).toEqual(['none', 'tag', 'tag']);
  });

  it('is sent in the way that the client is told to send, also what is never kept', async () => {
    const sent: string[] = [];
    const reads = new RevalidatedReads(undefined, async (input, init) => {
      sent.push(new Request(input).url);
      return fetch(input, init);
    });
    texts.set(comments, { text: '[1]' });
    await read(reads, comments);
    await read(reads, comments);
    await read(reads, '/rate_limit');
    expect(sent).toHaveLength(3);
  });

  it('is read anew when it has changed', async () => {
    const reads = new RevalidatedReads();
    texts.set(comments, { text: '[1]' });
    await read(reads, comments);
    texts.set(comments, { text: '[1,2]' });
    expect(await read(reads, comments)).toMatchObject({ status: 200, text: '[1,2]' });
    expect(await read(reads, comments)).toMatchObject({ status: 200, text: '[1,2]' });
    expect(tags()).toEqual(['none', 'tag', 'tag']);
  });

  it('is what it was when an answer in between was none', async () => {
    const reads = new RevalidatedReads();
    texts.set(comments, { text: '[1]' });
    await read(reads, comments);
    texts.set(comments, { text: '{}', status: 502 });
    expect(await read(reads, comments)).toMatchObject({ status: 502, text: '{}' });
    texts.set(comments, { text: '[1]' });
    expect(await read(reads, comments)).toMatchObject({ status: 200, text: '[1]' });
  });

  it('is never shown to another token, even by a server that says that nothing has changed', async () => {
    const reads = new RevalidatedReads();
    texts.set(comments, { text: '[{"body":"private"}]' });
    await read(reads, comments);
    liesAbout = comments;
    const other = await read(reads, comments, { authorization: 'token ghs_other' });
    expect(other).toMatchObject({ status: 304, text: '', link: null });
    const nobody = await read(reads, comments, {});
    expect(nobody).toMatchObject({ status: 304, text: '', link: null });
    expect(tags()).toEqual(['none', 'none', 'none']);
  });

  it('is forgotten with its token, and those of others are not', async () => {
    const reads = new RevalidatedReads();
    const bearer = { authorization: 'bearer ghs_1_a.b.c' };
    for (const headers of [mine, bearer]) await read(reads, comments, headers);
    reads.forget('ghs_1_a.b.c');
    for (const headers of [mine, bearer]) await read(reads, comments, headers);
    expect(tags()).toEqual(['none', 'none', 'tag', 'none']);
  });
});

describe('what is asked for anew each time', () => {
  it.each([
    '/repos/acme/widget/collaborators/mona/permission',
    '/orgs/acme/teams/core/memberships/mona',
    '/repos/acme/widget/git/ref/heads/main',
    `/repos/acme/widget/git/trees/${'a'.repeat(40)}`,
    '/repos/acme/widget/contents/.github/sallyport.yml',
    '/repos/acme/widget/pulls?state=open',
    '/repos/acme/widget/issues/comments/5',
    '/repos/acme/widget/check-runs/5',
    '/repos/acme/widget/collaborators/pulls/9/permission',
    '/installation/repositories',
    '/app/hook/deliveries',
    '/repos/acme/widget',
  ])('is %s', async (path) => {
    const reads = new RevalidatedReads();
    texts.set(path, { text: '{}' });
    await read(reads, path);
    expect(await read(reads, path)).toMatchObject({ status: 200, text: '{}' });
    expect(tags()).toEqual(['none', 'none']);
  });

  const full = (count: number) => JSON.stringify(Array.from({ length: count }, () => ({})));

  it.each([
    ['of 100', comments, full(100), undefined, 'none'],
    ['of 99', comments, full(99), undefined, 'tag'],
    ['with a next one', comments, full(100), '<http://x/?page=2>; rel="next"', 'tag'],
    ['with others before it', comments, full(100), '<http://x/?page=1>; rel="prev"', 'none'],
    ['of the size that GitHub chooses', '/repos/a/b/pulls/1/files', full(30), undefined, 'none'],
    [
      'of check runs',
      `/repos/a/b/commits/${'a'.repeat(40)}/check-runs?per_page=2`,
      '{"total_count":2,"check_runs":[{},{}]}',
      undefined,
      'none',
    ],
  ])('is a page that may get a next one: %s', async (_what, path, text, link, expected) => {
    const reads = new RevalidatedReads();
    texts.set(path, { text, ...(link === undefined ? {} : { link }) });
    const first = await read(reads, path);
    expect(await read(reads, path)).toEqual(first);
    expect(tags()).toEqual(['none', expected]);
  });

  it('is what is no JSON, and what another address answers', async () => {
    const reads = new RevalidatedReads();
    texts.set(comments, { text: '[{"body":"cut o' });
    const [before, now] = ['/repos/old/name/pulls/9', '/repos/acme/widget/pulls/9'];
    texts.set(before, { text: '', status: 301, location: now });
    texts.set(now, { text: '{"number":9}' });
    for (let times = 0; times < 2; times += 1) {
      expect(await read(reads, comments)).toMatchObject({ text: '[{"body":"cut o' });
      expect(await read(reads, before)).toMatchObject({ text: '{"number":9}' });
    }
    const round = [comments, before, now].map((path) => [path, undefined]);
    expect(asked).toEqual([...round, ...round]);
  });

  it('is a write', async () => {
    const reads = new RevalidatedReads();
    await read(reads, comments);
    await reads.fetch(`${origin}${comments}`, { method: 'POST', headers: mine, body: '{}' });
    expect(tags()).toEqual(['none', 'none']);
  });
});

describe('the room for what is kept', () => {
  const path = (index: number) => `/repos/acme/widget/pulls/${index}`;
  const text = JSON.stringify({ body: 'x'.repeat(1_500) });

  it('is bounded: what was not asked for the longest goes first', async () => {
    const reads = new RevalidatedReads(10_000);
    for (const index of [1, 2, 3, 4, 5]) texts.set(path(index), { text });
    for (const index of [1, 2, 3, 4, 1, 5]) await read(reads, path(index));
    asked = [];
    for (const index of [1, 3, 4, 5, 2]) await read(reads, path(index));
    expect(tags()).toEqual(['tag', 'tag', 'tag', 'tag', 'none']);
  });

  it('is not for one that would push out most others', async () => {
    const reads = new RevalidatedReads(4_000);
    texts.set(path(1), { text });
    for (let times = 0; times < 2; times += 1) await read(reads, path(1));
    expect(tags()).toEqual(['none', 'none']);
  });
});

describe('an answer that can not be understood', () => {
  it('is not given again', async () => {
    const get = '/repos/acme/widget/pulls/9';
    const expires = '2026-01-01T01:00:00Z';
    const minted = { token: 'ghs_one', expires_at: expires, repositories: [{ id: 1001 }] };
    texts.set('/app/installations/7/access_tokens', { text: JSON.stringify(minted) });
    texts.set(get, { text: '{"number":"nine"}' });
    const { pullRequests } = makeGitHub({ apiUrl: origin });
    for (let times = 0; times < 2; times += 1) {
      const reading = pullRequests.get(repository, 9);
      await expect(reading).rejects.toMatchObject({ code: 'github.unavailable' });
    }
    const reads = asked.filter(([path]) => path === get);
    expect(reads.map(([, tag]) => tag)).toEqual([undefined, undefined]);
  });
});
