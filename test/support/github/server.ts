import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from './call.ts';
import { apiPath, serverHeaders } from './enterprise.ts';
import type { FaultRule, Faults } from './faults.ts';
import { authorizeGit, type GitRequest, isPush, parseGitRequest, serveGit } from './git-backend.ts';
import type { GraphQlApi } from './graphql-api.ts';
import { readStored } from './job-storage.ts';
import { type Json, textOf } from './json.ts';
import { findPage } from './page/pages.ts';
import { PAGE_HEADERS } from './page/style.ts';
import { notFound, Refusal } from './refusal.ts';
import type { RestApi } from './rest-api.ts';
import type { Violation } from './schema-set.ts';
import type { World } from './world.ts';

/** One request that the stand-in has answered. `status` is 0 for a connection that a fault dropped. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query, below the root of the API where it is one; tokens never travel there. */
  readonly path: string;
  readonly status: number;
}

/** What the server answers with. */
export interface Parts {
  readonly world: World;
  readonly rest: RestApi;
  readonly graphql: GraphQlApi;
  readonly faults: Faults;
  readonly requests: RecordedRequest[];
  readonly violations: Violation[];
}

/** GitHub takes bodies far larger than any here; the cap only stops a runaway test. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Listens on a random loopback port and tells the world its address. */
export async function listen(parts: Parts, port = 0): Promise<Server> {
  const server = createServer((req, res) => void respond(parts, { req, res }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  parts.world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return server;
}

interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

async function respond(parts: Parts, exchange: Exchange): Promise<void> {
  const { req, res } = exchange;
  const method = req.method ?? 'GET';
  const url = new URL(req.url ?? '/', parts.world.url);
  const path = apiPath(parts.world, url.pathname) ?? url.pathname;
  res.on('close', () => {
    const status = res.writableFinished ? res.statusCode : 0;
    parts.requests.push({ method, path: path + url.search, status });
  });
  try {
    await perform(parts, url, exchange);
  } catch (error) {
    if (error instanceof Refusal) {
      send(parts, res, { status: error.status, body: error.body });
      return;
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const operation = `${method} ${url.pathname}`;
    parts.violations.push({ direction: 'response', operation, errors: [text] });
    if (!res.headersSent) res.writeHead(500);
    res.end();
  }
}

async function perform(parts: Parts, url: URL, exchange: Exchange): Promise<void> {
  const path = apiPath(parts.world, url.pathname) ?? url.pathname;
  const fault = parts.faults.take(exchange.req.method ?? 'GET', path);
  if (fault?.when === 'before') {
    breakOff(parts, fault, exchange);
    return;
  }
  const git = parseGitRequest(url);
  if (git) {
    await answerGit(parts, git, exchange);
    return;
  }
  const log = readStored(parts, url, exchange.req.headers.authorization);
  if (log !== undefined) {
    exchange.res.writeHead(log.status, { 'content-type': 'text/plain' }).end(log.text);
    return;
  }
  const answer = await dispatch(parts, url, exchange.req);
  if (fault) breakOff(parts, fault, exchange);
  else send(parts, exchange.res, answer);
}

function breakOff(parts: Parts, fault: FaultRule, { req, res }: Exchange): void {
  if (fault.status === undefined) {
    req.socket.destroy();
    return;
  }
  req.resume();
  const body = fault.body ?? { message: 'ordered fault' };
  send(parts, res, { status: fault.status, body, headers: fault.headers ?? {} });
}

async function answerGit(parts: Parts, request: GitRequest, exchange: Exchange): Promise<void> {
  if (isPush(request)) {
    const errors = ['pushes are never needed: commits go through the API'];
    parts.violations.push({
      direction: 'request',
      operation: `git push ${request.fullName}`,
      errors,
    });
  }
  try {
    const repo = authorizeGit(parts.world, request, exchange.req.headers.authorization);
    await serveGit(repo, request, exchange);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    exchange.req.resume();
    const challenge = error.status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {};
    exchange.res.writeHead(error.status, { 'content-type': 'text/plain', ...challenge });
    exchange.res.end(textOf(error.body['message']));
  }
}

async function dispatch(parts: Parts, url: URL, req: IncomingMessage): Promise<Answer> {
  const method = req.method ?? 'GET';
  const { authorization } = req.headers;
  const page = method === 'GET' ? await findPage(parts.world, url.pathname) : undefined;
  if (page) {
    return 'text' in page
      ? { status: 200, page: page.text }
      : { status: 302, headers: { location: page.redirect } };
  }
  // A browser that asks for an icon or follows a link is not the product: no violation.
  const isApi = authorization !== undefined || !/text\/html|image\//.test(req.headers.accept ?? '');
  if (!isApi) throw notFound();
  const body = await readJson(req);
  const path = apiPath(parts.world, url.pathname);
  if (path === undefined) return parts.rest.refuse(method, url.pathname);
  checkApiVersion(parts.world, req.headers['x-github-api-version']);
  if (method === 'POST' && path === '/graphql') return parts.graphql.handle(authorization, body);
  const ifNoneMatch = req.headers['if-none-match'];
  const at = new URL(path + url.search, parts.world.url);
  return parts.rest.handle({ method, url: at, authorization, ifNoneMatch, body });
}

/** GHES knows one version of the REST API. @throws Refusal 400 */
function checkApiVersion({ ghes }: World, version: string | string[] | undefined): void {
  if (ghes === undefined || version === undefined || version === '2022-11-28') return;
  throw new Refusal(400, { message: 'The API version is not supported' });
}

async function readJson(req: IncomingMessage): Promise<Json | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Refusal(413, { message: 'Payload Too Large' });
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new Refusal(400, { message: 'Problems parsing JSON' });
  }
}

function send({ world }: Parts, res: ServerResponse, answer: Answer): void {
  const headers = {
    'x-github-media-type': 'github.v3; format=json',
    ...serverHeaders(world),
    ...answer.headers,
  };
  if (answer.page !== undefined) {
    res.writeHead(answer.status, PAGE_HEADERS).end(answer.page);
  } else if (answer.body === undefined) {
    res.writeHead(answer.status, headers).end();
  } else {
    const type = 'application/json; charset=utf-8';
    res.writeHead(answer.status, { 'content-type': type, ...headers });
    res.end(JSON.stringify(answer.body));
  }
}
