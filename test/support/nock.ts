import nock from 'nock';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';

/** One request that must come, and what it is answered. */
export interface ExpectedRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Path with its query, exactly as sent. */
  readonly path: string;
  /** The JSON body, compared whole; absent means that the body is not looked at. */
  readonly body?: unknown;
  /** Headers that must be there with this value. */
  readonly headers?: Readonly<Record<string, string>>;
  /** 200 unless told. */
  readonly status?: number;
  readonly answer?: unknown;
  /** Plain text in place of a JSON answer. */
  readonly text?: string;
  readonly answerHeaders?: Readonly<Record<string, string>>;
  /** Breaks the connection instead of answering. */
  readonly breaks?: boolean;
}

/** Registers expected requests, in order of arrival for equal ones, and keeps what was sent. */
export interface MockedServer {
  /** Registers one request; returns where its body and headers appear once it was sent. */
  expects(request: ExpectedRequest): SentRequest;
}

/** What was sent; empty until it was. */
export interface SentRequest {
  body?: unknown;
  authorization?: string | undefined;
}

/**
 * The only way for tests to mock HTTP. Call it once at the top of a test file.
 * A request that nobody registered fails the test, and so does a registered one that never came;
 * nothing reaches a real server.
 */
export function mockServer(origin: string): MockedServer {
  let unexpected: string[] = [];
  const note = (request: Request) => unexpected.push(`${request.method} ${request.url}`);

  beforeAll(() => {
    if (!nock.isActive()) nock.activate();
    nock.disableNetConnect();
    nock.emitter.on('no match', note);
  });
  beforeEach(() => {
    unexpected = [];
  });
  afterEach(() => {
    const unused = nock.pendingMocks();
    nock.cleanAll();
    expect({ unexpected, unused }).toEqual({ unexpected: [], unused: [] });
  });
  afterAll(() => {
    nock.emitter.off('no match', note);
    nock.enableNetConnect();
    nock.restore();
  });
  return { expects: (request) => register(origin, request) };
}

function register(origin: string, request: ExpectedRequest): SentRequest {
  const sent: SentRequest = {};
  const scope = nock(origin, { reqheaders: { ...request.headers } });
  const interceptor = scope.intercept(request.path, request.method, (body: unknown) => {
    if (request.body === undefined) return true;
    return JSON.stringify(sorted(body)) === JSON.stringify(sorted(request.body));
  });
  if (request.breaks === true) {
    interceptor.replyWithError(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    return sent;
  }
  interceptor.reply(async (seen: Request) => {
    const text = await seen.clone().text();
    sent.body = text === '' ? undefined : (JSON.parse(text) as unknown);
    sent.authorization = seen.headers.get('authorization') ?? undefined;
    const status = request.status ?? 200;
    return [
      status,
      request.text ?? JSON.stringify(request.answer ?? {}),
      { 'content-type': 'application/json', ...request.answerHeaders },
    ];
  });
  return sent;
}

/** The same JSON with every object's keys in order, so that key order does not matter. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
