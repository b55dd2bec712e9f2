import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createServer } from '../../../src/server.ts';
import { pullRequestPayload } from '../webhooks/payloads.ts';
import {
  deliveryHeaders,
  type Harness,
  maxBodyBytes,
  post,
  postOpen,
  startHarness,
} from './harness.ts';

let harness: Harness | undefined;

async function start(...parts: Parameters<typeof startHarness>): Promise<Harness> {
  harness = await startHarness(...parts);
  return harness;
}

afterEach(async () => {
  await harness?.server.close();
  harness = undefined;
});

async function get(path: string, method = 'GET') {
  const response = await fetch(`${harness?.server.url}${path}`, { method });
  const answer: unknown = await response.json();
  return { status: response.status, answer };
}

/** A signed delivery of exactly this many bytes. */
function padded(bytes: number): string {
  const empty = JSON.stringify(pullRequestPayload({ pad: '' })).length;
  return JSON.stringify(pullRequestPayload({ pad: 'x'.repeat(bytes - empty) }));
}

describe('the cap of a body', () => {
  it('lets through what is exactly as large', async () => {
    const started = await start();
    await expect(post(started, padded(maxBodyBytes))).resolves.toMatchObject({ status: 200 });
    expect(started.triggers).toHaveLength(1);
  });

  it('refuses one byte more', async () => {
    const started = await start();
    const body = Buffer.from(padded(maxBodyBytes + 1));
    await expect(postOpen(started, [body], body.length)).resolves.toBe(413);
    expect(started.triggers).toEqual([]);
  });

  it('refuses by what is announced, before anything is sent', async () => {
    await expect(postOpen(await start(), [], maxBodyBytes + 1)).resolves.toBe(413);
  });

  it('refuses by what arrives, when nothing is announced', async () => {
    const chunks = Array.from({ length: 5 }, () => Buffer.alloc(maxBodyBytes / 4, 'x'));
    await expect(postOpen(await start(), chunks)).resolves.toBe(413);
  });
});

describe('requests that never end', () => {
  it('are given up by the server: headers after 10 s, the whole after 30 s', async () => {
    const server = await createServer({
      webhookSecret: 'a-secret-of-32-characters-000000',
      app: () => undefined,
      health: {},
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    expect(server.headersTimeout).toBe(10_000);
    expect(server.requestTimeout).toBe(30_000);
    expect(server.maxConnections).toBe(512);
  });

  it('and hang up in the middle leave nothing behind', async () => {
    const started = await start();
    const { port } = new URL(started.server.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          'POST /api/github/webhooks HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{',
        );
        socket.end(() => resolve());
      });
      socket.on('error', () => resolve());
    });
    await expect(post(started, padded(1000))).resolves.toMatchObject({ status: 200 });
    expect(started.lines.filter((line) => line.level === 'error')).toEqual([]);
  });
});

describe('health', () => {
  it('of the process is 200', async () => {
    await start();
    await expect(get('/healthz')).resolves.toEqual({ status: 200, answer: { status: 'ok' } });
  });

  it('of the parts is 200 when each answers', async () => {
    await start({ health: { queue: () => Promise.resolve(), database: () => Promise.resolve() } });
    const checks = { queue: { ok: true }, database: { ok: true } };
    await expect(get('/readyz')).resolves.toEqual({ status: 200, answer: { checks } });
  });

  it('of the parts is 503 when one does not, and names it', async () => {
    await start({
      health: { queue: () => Promise.resolve(), engine: () => Promise.reject(new Error('x')) },
    });
    const checks = { queue: { ok: true }, engine: { ok: false, error: 'failed' } };
    await expect(get('/readyz')).resolves.toEqual({ status: 503, answer: { checks } });
  });

  it.each([
    ['GET', '/'],
    ['GET', '/api/github/webhooks'],
    ['PUT', '/api/github/webhooks'],
    ['POST', '/api/github/webhooks/'],
    ['POST', '/healthz'],
    ['GET', '/healthz/../readyz%00'],
    ['GET', '/probot'],
  ])('is not at %s %s', async (method, path) => {
    await start();
    await expect(get(path, method)).resolves.toMatchObject({ status: 404 });
  });
});

describe('the server', () => {
  it.each(['', 'development', 'development-with-more', 'fifteen-charact'])(
    'refuses the webhook secret %j',
    async (webhookSecret) => {
      const creating = createServer({
        webhookSecret,
        app: () => undefined,
        health: {},
        log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      });
      await expect(creating).rejects.toMatchObject({ code: 'config.invalid' });
    },
  );

  it('answers what is under way before it closes', async () => {
    const taken = Promise.withResolvers<void>();
    const finished = Promise.withResolvers<void>();
    const started = await startHarness({
      enqueue: () => {
        taken.resolve();
        return finished.promise;
      },
    });
    const body = padded(1000);
    const posting = post(started, body, { ...deliveryHeaders(body), connection: 'close' });
    await taken.promise;
    const closing = started.server.close();
    finished.resolve();
    await expect(posting).resolves.toMatchObject({ status: 200 });
    await expect(closing).resolves.toBeUndefined();
    await expect(fetch(started.server.url)).rejects.toThrow('fetch failed');
  });

  it('cuts off what does not end within 10 s of closing', async () => {
    const started = await startHarness({ enqueue: () => new Promise(() => undefined) });
    const hanging = postOpen(started, [], 100);
    await expect(fetch(`${started.server.url}/healthz`)).resolves.toMatchObject({ status: 200 });
    const closing = started.server.close();
    await started.clock.advance(10_000);
    await expect(closing).resolves.toBeUndefined();
    await expect(hanging).resolves.toBe('broken');
  });
});
