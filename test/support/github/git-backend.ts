import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname } from 'node:path';
import { gitEnvironment } from './git.ts';
import { grants } from './permissions.ts';
import type { Repository } from './records.ts';
import { Refusal } from './refusal.ts';
import { reachable, tokenFor } from './tokens.ts';
import type { World } from './world.ts';

const GIT_PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** A request of git's smart HTTP protocol. */
export interface GitRequest {
  readonly fullName: string;
  readonly action: string;
  readonly query: URLSearchParams;
}

/** Recognises git's own paths below `/<owner>/<repo>(.git)`. */
export function parseGitRequest(url: URL): GitRequest | undefined {
  const match = GIT_PATH.exec(url.pathname);
  if (!match) return undefined;
  const [, owner = '', name = '', action = ''] = match;
  return { fullName: `${owner}/${name}`, action, query: url.searchParams };
}

/** True for the parts of a push, which the stand-in always refuses. */
export function isPush(request: GitRequest): boolean {
  return (
    request.action === 'git-receive-pack' || request.query.get('service') === 'git-receive-pack'
  );
}

/**
 * The repository that the credential may fetch. Anonymous readers get public repositories, as on GitHub;
 * a token gets only what it is scoped to.
 * @throws Refusal 401, 403, 404
 */
export function authorizeGit(
  world: World,
  request: GitRequest,
  authorization: string | undefined,
): Repository {
  const repo = world.repository(request.fullName);
  if (isPush(request))
    throw new Refusal(403, { message: 'The stand-in takes no pushes: commit through the API.' });
  if (!authorization) {
    if (repo.isPrivate) throw new Refusal(401, { message: 'Repository not found.' });
    return repo;
  }
  const token = tokenFor(world, passwordOf(authorization));
  if (!reachable(token).includes(repo))
    throw new Refusal(404, { message: 'Repository not found.' });
  if (!grants(token.permissions, 'contents:read'))
    throw new Refusal(403, { message: 'Write access to repository not granted.' });
  return repo;
}

function passwordOf(authorization: string): string {
  const [scheme = '', credential = ''] = authorization.split(' ');
  if (/^basic$/i.test(scheme))
    return Buffer.from(credential, 'base64').toString('utf8').split(':')[1] ?? '';
  return credential;
}

/** Serves one request by `git http-backend`, the CGI program that ships with git. */
export function serveGit(
  repo: Repository,
  request: GitRequest,
  { req, res }: { req: IncomingMessage; res: ServerResponse },
): Promise<void> {
  const child = spawn('git', ['http-backend'], { env: cgiEnvironment(repo, request, req) });
  req.pipe(child.stdin);
  // The backend may finish without reading the whole request.
  child.stdin.on('error', () => req.resume());
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
    forwardCgi(child.stdout, res);
  });
}

function cgiEnvironment(
  repo: Repository,
  request: GitRequest,
  req: IncomingMessage,
): Record<string, string> {
  const header = (name: string): string => String(req.headers[name] ?? '');
  return gitEnvironment({
    GIT_PROJECT_ROOT: dirname(repo.gitDir),
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${basename(repo.gitDir)}/${request.action}`,
    REQUEST_METHOD: req.method ?? 'GET',
    QUERY_STRING: request.query.toString(),
    CONTENT_TYPE: header('content-type'),
    ...(req.headers['content-length'] ? { CONTENT_LENGTH: header('content-length') } : {}),
    HTTP_CONTENT_ENCODING: header('content-encoding'),
    GIT_PROTOCOL: header('git-protocol'),
    REMOTE_ADDR: '127.0.0.1',
  });
}

/** Splits the CGI answer: header lines, an empty line, the body. */
function forwardCgi(output: NodeJS.ReadableStream, res: ServerResponse): void {
  let head: Buffer | undefined = Buffer.alloc(0);
  output.on('data', (chunk: Buffer) => {
    if (head === undefined) {
      res.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    writeHead(head.subarray(0, end).toString('latin1'), res);
    res.write(head.subarray(end + 4));
    head = undefined;
  });
  output.on('end', () => {
    if (head !== undefined) res.writeHead(500);
    res.end();
  });
}

function writeHead(text: string, res: ServerResponse): void {
  let status = 200;
  for (const line of text.split('\r\n')) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else if (name) res.setHeader(name, value);
  }
  res.writeHead(status);
}
