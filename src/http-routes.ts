import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from './ports/log.ts';

/** Answers one request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Handlers by `METHOD /path`, exact and without the query. */
export type Routes = Readonly<Record<string, Handler>>;

/** Makes the server's listener: 404 for what has no route, 500 without details when a handler throws. */
export function createListener(routes: Routes, log: Log) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    void answer(request, response);
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = `${request.method} ${request.url?.split('?', 1)[0]}`;
    const handler = Object.hasOwn(routes, route) ? routes[route] : undefined;
    if (handler === undefined) return sendJson(response, 404, { message: 'not found' });
    try {
      await handler(request, response);
    } catch (error) {
      log.error({ err: error, route }, 'a request failed');
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { message: 'internal error' });
    }
  }
}

/** Sends `body` as JSON. Nothing is cached, sniffed or framed. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}
