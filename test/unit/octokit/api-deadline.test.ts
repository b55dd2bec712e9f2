import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { makeGitHub, repository } from './harness.ts';

let server: Server | undefined;

async function listen(handle: RequestListener): Promise<string> {
  const listening = createServer(handle);
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

describe('a GitHub that does not answer in time', () => {
  const stalls: [string, RequestListener][] = [
    ['answers nothing', () => undefined],
    [
      'stops in the middle',
      (_request, response) => {
        response.writeHead(201, { 'content-type': 'application/json', 'content-length': '200' });
        response.write('{"token": "ghs_');
      },
    ],
  ];

  it.each(stalls)('is unavailable when it %s', async (_how, handle) => {
    let asked = 0;
    const apiUrl = await listen((request, response) => {
      asked += 1;
      handle(request, response);
    });
    const token = makeGitHub({ apiUrl, timeoutMs: 500 }).sourceOf(repository).token;
    await expect(token?.()).rejects.toMatchObject({ code: 'github.unavailable' });
    // Minting is a POST: it is not sent again here.
    expect(asked).toBe(1);
  });
});
