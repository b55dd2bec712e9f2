import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseGitRequest, serveGit } from './github/git-backend.ts';
import type { Repository } from './github/records.ts';

/** One request that git sent. */
export interface SeenRequest {
  readonly path: string;
  readonly authorization: string | undefined;
}

/** Answers in place of git; return false to let git answer. */
export type Interceptor = (req: IncomingMessage, res: ServerResponse) => Promise<boolean> | boolean;

/** A server of git's smart HTTP protocol on loopback. */
export interface GitHttp extends AsyncDisposable {
  readonly url: string;
  readonly seen: SeenRequest[];
}

/** Serves the bare repository at `gitDir` as `/team/project.git` on a random port. */
export async function serveRepository(
  gitDir: string,
  intercept: Interceptor = () => false,
): Promise<GitHttp> {
  const seen: SeenRequest[] = [];
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const url = new URL(req.url ?? '/', 'http://127.0.0.1');
    seen.push({ path: url.pathname, authorization: req.headers.authorization });
    if (await intercept(req, res)) return;
    const request = parseGitRequest(url);
    if (request === undefined) res.writeHead(404).end();
    // The backend reads nothing of the record but its folder.
    else await serveGit({ gitDir } as Repository, request, { req, res });
  };
  const server = createServer((req, res) => {
    answer(req, res).catch(() => res.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/team/project.git`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
