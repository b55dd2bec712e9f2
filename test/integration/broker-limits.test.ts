import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ClientHttp2Stream } from 'node:http2';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { answerOf, ask, openScene } from '../support/broker/broker-scene.ts';
import { listen } from '../support/broker/servers.ts';
import { recordsOf, Upstream } from '../support/broker/upstream.ts';
import { FakeClock } from '../support/fakes/fake-clock.ts';
import { waitFor } from '../support/wait-for.ts';

const upstream = new Upstream();

describe('a ceiling', () => {
  test.each([
    ['limit:requests', { requests: 2 }],
    ['limit:connections', { connections: 2 }],
  ])('ends the task by name: %s', async (limit, limits) => {
    const opened = upstream.open({ limits });
    expect((await ask(opened.session, upstream.url('/'))).status).toBe(200);
    expect((await ask(opened.session, upstream.url('/'))).status).toBe(200);
    expect((await ask(opened.session, upstream.url('/'))).status).toBe(429);
    expect((await ask(opened.session, upstream.url('/'))).status).toBe(429);
    expect(opened.reached).toEqual([limit]);
    expect(upstream.seen).toHaveLength(2);
  });

  test('of requests counts those that are denied', async () => {
    const opened = upstream.open({ limits: { requests: 3 } });
    for (let sent = 0; sent < 4; sent += 1) await ask(opened.session, 'http://other.example/');
    expect(opened.reached).toEqual(['limit:requests']);
    expect(opened.broker.usage()).toMatchObject({ denied: 4, connections: 0 });
    for (let sent = 0; sent < 50; sent += 1) await ask(opened.session, 'http://other.example/');
    expect(opened.broker.usage()).toMatchObject({ denied: 54 });
    expect(opened.records).toHaveLength(4);
  });

  test('of bytes ends an answer in the middle, and everything else under way', async () => {
    upstream.answer = (request, response) => {
      if (request.url === '/slow') response.write('begun');
      else response.end(Buffer.alloc(500_000));
    };
    const opened = upstream.open({ limits: { networkBytes: 100_000 } });
    const slow = ask(opened.session, upstream.url('/slow'));
    await waitFor('the slow request', () => upstream.seen[0]);
    const { body } = await ask(opened.session, upstream.url('/'));
    expect(body.length).toBeLessThan(100_000);
    expect((await slow).rstCode).not.toBe(0);
    expect(opened.reached).toEqual(['limit:network-bytes']);
    await opened.broker.idle();
    const endings = opened.records.filter(({ type }) => type === 'egress.closed');
    expect(endings).toMatchObject([
      { ending: 'limit:network-bytes' },
      { ending: 'limit:network-bytes' },
    ]);
  });

  test('of a rule ends its requests and not the task', async () => {
    upstream.answer = (_, response) => response.end(Buffer.alloc(50_000));
    const opened = upstream.open({}, { maxBytes: 20_000 });
    for (let asked = 0; asked < 4; asked += 1) await ask(opened.session, upstream.url('/'));
    expect(opened.reached).toEqual([]);
    await opened.broker.idle();
    // From then on the rule denies, and nobody is connected to.
    expect(opened.records).toMatchObject([
      { type: 'egress.allowed' },
      { type: 'egress.closed', ending: 'rule-bytes' },
      { type: 'egress.denied', reason: 'rule-bytes' },
      { type: 'egress.denied', reason: 'rule-bytes' },
      { type: 'egress.denied', reason: 'rule-bytes' },
    ]);
    expect(opened.broker.usage().connections).toBe(1);
  });

  test('of a body ends the one request', async () => {
    upstream.answer = (request, response) => void request.resume().on('end', () => response.end());
    const opened = upstream.open({ limits: { bodyBytes: 10_000 } });
    await ask(opened.session, upstream.url('/'), { method: 'POST', body: Buffer.alloc(50_000) });
    expect(await recordsOf(opened)).toEqual(['egress.allowed', 'egress.closed']);
    expect(opened.records[1]).toMatchObject({ ending: 'body-bytes' });
    expect((await ask(opened.session, upstream.url('/'))).status).toBe(200);
  });

  test('of headers refuses a request before anything is sent', async () => {
    const opened = upstream.open({ limits: { headerBytes: 1_000 } });
    const headers = { 'x-long': 'x'.repeat(2_000) };
    expect((await ask(opened.session, upstream.url('/'), { headers })).status).toBe(403);
    expect(await recordsOf(opened)).toEqual(['header-bytes']);
  });

  test('of headers refuses an answer, and leaves the wire whole', async () => {
    upstream.answer = (_, response) => response.setHeader('x-long', 'x'.repeat(12_000)).end();
    const opened = upstream.open();
    expect((await ask(opened.session, upstream.url('/'))).status).toBe(502);
    upstream.answer = (_, response) => response.end('still here');
    expect((await ask(opened.session, upstream.url('/'))).body).toBe('still here');
  });

  test('of requests at one time turns the others away, and lets them in later', async () => {
    const held: ServerResponse[] = [];
    upstream.answer = (_, response) => void held.push(response);
    const opened = upstream.open({ limits: { concurrent: 3 } });
    const first = Array.from({ length: 3 }, () => ask(opened.session, upstream.url('/')));
    await waitFor('three requests', () => held[2]);
    const flood = await Promise.all(
      Array.from({ length: 20 }, () => ask(opened.session, upstream.url('/'))),
    );
    expect(new Set(flood.map(({ status }) => status))).toEqual(new Set([429]));
    for (const response of held) response.end('done');
    expect((await Promise.all(first)).map(({ body }) => body)).toEqual(['done', 'done', 'done']);
    upstream.answer = (_, response) => response.end('later');
    expect((await ask(opened.session, upstream.url('/'))).body).toBe('later');
  });
});

describe('a peer that does not go on', () => {
  test('is let go: an upstream that says nothing', async () => {
    upstream.answer = () => undefined;
    const clock = new FakeClock();
    const opened = upstream.open({ clock });
    const asked = ask(opened.session, upstream.url('/'));
    await waitFor('the request', () => upstream.seen[0]);
    await clock.advance(60_000);
    expect((await asked).status).toBe(504);
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({ ending: 'idle', ms: 60_000 });
  });

  test('is let go: a sandbox that sends its body a byte at a time and stops', async () => {
    const clock = new FakeClock();
    const opened = upstream.open({ clock });
    const headers = { ':method': 'POST', ':authority': `upstream.example:${upstream.port}` };
    const stream = opened.session.request({ ...headers, ':scheme': 'http', ':path': '/' });
    const closed = answerOf(stream);
    upstream.answer = () => undefined;
    stream.write('x');
    await waitFor('the request', () => upstream.seen[0]);
    await clock.advance(60_000);
    const { status, body } = await closed;
    expect([status, body]).toEqual([504, expect.stringContaining('idle')]);
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({ ending: 'idle' });
  });

  test('is let go: a sandbox that resets its request', async () => {
    upstream.answer = (_, response) => response.write('begun');
    const opened = upstream.open();
    const headers = { ':authority': `upstream.example:${upstream.port}`, ':scheme': 'http' };
    const stream = opened.session.request({ ':method': 'GET', ...headers, ':path': '/' });
    stream.on('error', () => undefined);
    await once(stream, 'data');
    stream.close(8);
    await opened.broker.idle();
    await waitFor('the end', () => opened.records[1]);
    expect(opened.records[1]).toMatchObject({ ending: 'sandbox-aborted' });
  });

  test.each<[string, (stream: ClientHttp2Stream) => void]>([
    ['a body', (stream) => void stream.destroy()],
    ['the wire', (stream) => stream.session?.destroy()],
  ])(
    'is let go: a sandbox that breaks off %s, and its body is no whole one',
    async (_, breakOff) => {
      const ends: string[] = [];
      upstream.answer = (request) => {
        request.resume().on('end', () => ends.push('end'));
        request.on('close', () => ends.push('close'));
        request.on('error', () => undefined);
      };
      const opened = upstream.open();
      const headers = { ':authority': `upstream.example:${upstream.port}`, ':scheme': 'http' };
      const stream = opened.session.request({ ':method': 'POST', ...headers, ':path': '/' });
      stream.on('error', () => undefined).write('half');
      await waitFor('the request', () => upstream.seen[0]);
      breakOff(stream);
      await waitFor('its end', () => ends[0]);
      expect(ends).toEqual(['close']);
      await opened.broker.idle();
      expect(opened.records.at(-1)).toMatchObject({ ending: 'sandbox-aborted' });
    },
  );

  test('is let go: an upstream that breaks off its answer', async () => {
    upstream.answer = (request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('begun');
      setImmediate(() => request.socket.destroy());
    };
    const opened = upstream.open();
    expect((await ask(opened.session, upstream.url('/'))).rstCode).not.toBe(0);
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({ ending: 'upstream-failed' });
  });

  test('has no say in what is for the next hop', async () => {
    const bytes = 'HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nX-Kept: 1\r\n\r\n';
    const raw = await listen(
      createServer((socket) => void socket.once('data', () => socket.end(bytes))),
    );
    const opened = upstream.open({}, { port: raw.port });
    const { headers } = await ask(opened.session, `http://upstream.example:${raw.port}/`);
    expect(headers).toMatchObject({ ':status': 200, 'x-kept': '1' });
    expect(headers).not.toHaveProperty('x-hop');
    await raw.close();
  });

  test.each([
    ['no HTTP', 'SSH-2.0-x\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n',
    ],
    ['an upgrade', 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
  ])('is not believed: an upstream that answers %s', async (_, bytes) => {
    const raw = await listen(
      createServer((socket) => void socket.once('data', () => socket.end(bytes))),
    );
    const rule = { id: 'raw', host: 'upstream.example', port: raw.port };
    const opened = openScene({ policy: { rules: [{ ...rule, methods: ['GET'], paths: ['/'] }] } });
    const { status } = await ask(opened.session, `http://upstream.example:${raw.port}/`);
    expect(status).not.toBe(200);
    opened.close();
    await raw.close();
  });
});

describe('a broker that cannot record', () => {
  test('lets nothing out', async () => {
    const opened = upstream.open({ record: () => Promise.reject(new Error('the ledger is gone')) });
    expect((await ask(opened.session, upstream.url('/'))).status).toBe(403);
    expect(opened.dialer.dialled).toEqual([]);
    expect((await ask(opened.session, upstream.url('/'))).status).toBe(403);
  });
});

describe('a task that is over', () => {
  test('has its exchanges ended, and is denied everything else', async () => {
    const abort = new AbortController();
    upstream.answer = (_, response) => response.write('begun');
    const opened = upstream.open({ signal: abort.signal });
    const asked = ask(opened.session, upstream.url('/'));
    // Not the request alone: before the answer has begun, the sandbox would be told why in one of its own.
    await waitFor('the answer', () => opened.broker.usage().bytesDown > 0 || undefined);
    abort.abort();
    expect((await asked).rstCode).not.toBe(0);
    expect((await ask(opened.session, upstream.url('/'))).status).toBe(403);
    expect(await recordsOf(opened)).toEqual(['egress.allowed', 'egress.closed']);
    expect(opened.records[1]).toMatchObject({ ending: 'stopped' });
    expect(opened.broker.usage()).toMatchObject({ denied: 1 });
  });
});
