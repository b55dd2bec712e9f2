import { createHash } from 'node:crypto';
import { type KeptAnswer, KeptAnswers } from './kept-answers.ts';

/** For all installations together. */
const defaultMaxBytes = 16 * 1024 * 1024;
/** GitHub's page where a request names no size (docs, using pagination in the REST API). */
const defaultPerPage = 30;

/**
 * What publishing reads again and again: a pull request with its files, reviews and comments, and the check runs of
 * a commit. Whatever lets somebody do something is asked for anew each time and is not here: permissions, teams,
 * tokens, the files of policies. GitHub names the next page of a list by the repository's id.
 */
const revalidated = new RegExp(
  [
    '^(?:/api/v3)?/(?:repos/[^/]+/[^/]+|repositories/[0-9]+)/(?:',
    'pulls/[0-9]+(?:/reviews|/comments|/files)?|',
    'issues/[0-9]+/comments|',
    'commits/[0-9a-f]{40}/check-runs',
    ')$',
  ].join(''),
);

/**
 * Reads that cost nothing while nothing has changed: GitHub counts no answer of 304 against the rate limit
 * (docs, best practices for using the REST API). An answer is kept for the token that it was given to, since
 * GitHub's tags belong to tokens and another one may see less.
 */
export class RevalidatedReads {
  readonly #kept: KeptAnswers;
  readonly #send: typeof fetch;

  /** `send`: how a request is sent; Node's own fetch unless told. */
  constructor(maxBytes = defaultMaxBytes, send: typeof fetch = fetch) {
    this.#kept = new KeptAnswers(maxBytes);
    this.#send = send;
  }

  /** `fetch`, which answers with the kept body where GitHub says that it still holds. */
  readonly fetch: typeof fetch = async (input, init) => {
    const key = keyOf(input, init);
    if (key === undefined) return this.#send(input, init);
    const known = this.#kept.get(key);
    if (known === undefined) return this.#keep(key, await this.#send(input, init));
    const headers = new Headers(init?.headers);
    headers.set('if-none-match', known.etag);
    const response = await this.#send(input, { ...init, headers });
    if (response.status !== 304) return this.#keep(key, response);
    const link = response.headers.get('link') ?? known.link;
    return answerOf({ ...known, link }, response.url);
  };

  /** Forgets what was read with a token: an answer that can not be understood must not be given again. */
  forget(token: string): void {
    this.#kept.dropAll(digestOf(token));
  }

  async #keep(key: string, response: Response): Promise<Response> {
    const etag = response.headers.get('etag');
    // Whoever is sent elsewhere has the tag of another address.
    if (response.status !== 200 || response.redirected || etag === null) return response;
    const body = new Uint8Array(await response.arrayBuffer());
    const link = response.headers.get('link');
    const contentType = response.headers.get('content-type') ?? '';
    const answer = { etag, link, contentType, body };
    if (mayBeKept(key, answer)) this.#kept.keep(key, answer);
    else this.#kept.drop(key);
    return answerOf(answer, response.url);
  }
}

/** Undefined for what is not kept. */
function keyOf(input: Parameters<typeof fetch>[0], init: RequestInit | undefined) {
  if (typeof input !== 'string' || init?.method !== 'GET') return undefined;
  const authorization = new Headers(init.headers).get('authorization');
  if (authorization === null || !revalidated.test(new URL(input).pathname)) return undefined;
  // Octokit names the scheme by the token's form.
  return `${digestOf(authorization.replace(/^\S+ /, ''))} ${input}`;
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/**
 * A last page that is full may get a next one while its own items, and its tag perhaps, stay what they are: the
 * kept one would hide it. It is read anew each time, and so is what is not JSON.
 */
function mayBeKept(key: string, { link, body }: Pick<KeptAnswer, 'link' | 'body'>): boolean {
  const items = itemsIn(body);
  if (items === undefined) return false;
  if (link !== null && /;\s*rel="next"/.test(link)) return true;
  const perPage = new URL(key.slice(key.indexOf(' ') + 1)).searchParams.get('per_page');
  return items < Number(perPage ?? defaultPerPage);
}

/** How many items a list has, 0 for what is none; undefined for what is no JSON. */
function itemsIn(body: Uint8Array): number | undefined {
  try {
    const data: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    if (Array.isArray(data)) return data.length;
    const hasRuns = typeof data === 'object' && data !== null && 'check_runs' in data;
    return hasRuns && Array.isArray(data.check_runs) ? data.check_runs.length : 0;
  } catch {
    return undefined;
  }
}

function answerOf({ etag, link, contentType, body }: KeptAnswer, url: string): Response {
  const headers = new Headers({ etag, 'content-type': contentType });
  if (link !== null) headers.set('link', link);
  const response = new Response(body, { status: 200, headers });
  // A response that was made here has none, and Octokit looks there for the number of the page.
  return Object.defineProperty(response, 'url', { value: url });
}
