import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createListener, type Routes } from '../../../src/http-routes.ts';

let server: Server | undefined;
let messages: string[] = [];

/** Serves the routes on a free loopback port. */
async function serve(routes: Routes): Promise<string> {
  messages = [];
  const note = (_fields: object, message: string) => {
    messages.push(message);
  };
  const listening = createServer(createListener(routes, { info: note, warn: note, error: note }));
  server = listening;
  await new Promise<void>((resolve) => {
    listening.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

describe('a handler that throws', () => {
  it('is answered with 500 and no details', async () => {
    const url = await serve({ 'GET /': () => Promise.reject(new Error('redis://:hunter2@host')) });
    const response = await fetch(url);
    expect(response.status).toBe(500);
    await expect(response.text()).resolves.not.toContain('hunter2');
    expect(messages).toEqual(['a request failed']);
  });

  it('in the middle of its answer breaks the connection, so that half is not taken for whole', async () => {
    const url = await serve({
      'GET /': async (_request, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half');
        throw new Error('lost');
      },
    });
    await expect(fetch(url).then((response) => response.text())).rejects.toBeInstanceOf(TypeError);
    expect(messages).toEqual(['a request failed']);
  });
});

describe('routes', () => {
  it('are exact, whatever the query, and never properties of Object', async () => {
    const url = await serve({ 'GET /a': async (_request, response) => void response.end('a') });
    const status = async (path: string) => (await fetch(`${url}${path}`)).status;
    await expect(status('/a?b=c')).resolves.toBe(200);
    for (const path of ['/', '/a/', '/A', '/a%2f', '/constructor']) {
      await expect(status(path)).resolves.toBe(404);
    }
  });
});
