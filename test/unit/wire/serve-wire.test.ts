import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { controlAuthority, routes } from '../../../src/protocol/wire.ts';
import { maxDeniedRequests } from '../../../src/wire/session-options.ts';
import {
  manifest,
  post,
  request,
  resultOf,
  serve,
  speak,
  write,
} from '../../support/wire/hostile-sandbox.ts';

const get = { ':method': 'GET', ':path': routes.input };
const postEvents = { ':method': 'POST', ':path': routes.events };

describe('a wire that is used as agreed', () => {
  test('gives the input, takes events in order and hands the result over', async () => {
    const { outcome, wire, events } = serve();
    const session = speak(wire);
    const input = session.request({ ':authority': controlAuthority, ...get });
    expect(await text(input)).toBe('the input');
    const lines = [
      { type: 'phase', phase: 'running' },
      { type: 'progress', text: 'half' },
    ];
    const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    expect(await request(session, postEvents, body)).toBe(204);
    const changes = [write('a', 2), { kind: 'delete', path: 'b' }, write('dir/c', 3)];
    expect(await post(session, resultOf({ changes }, 'aaccc'))).toBe(204);
    const result = await outcome;
    expect(events).toEqual(lines);
    expect(result.manifest).toEqual({ ...manifest, changes });
    expect([...result.files].map(([path, bytes]) => [path, textOf(bytes)])).toEqual([
      ['a', 'aa'],
      ['dir/c', 'ccc'],
    ]);
  });

  test('closes the wire after the result, so that the sandbox ends', async () => {
    const { outcome, wire } = serve();
    const session = speak(wire);
    const closed = once(session, 'close');
    await post(session, resultOf({}));
    await outcome;
    await closed;
    expect(session.destroyed).toBe(true);
  });

  test('makes the sandbox wait for a slow receiver of events', async () => {
    const gate = Promise.withResolvers<void>();
    const order: string[] = [];
    const { wire, outcome } = serve({
      onEvent: async (event) => {
        if (event.type === 'progress' && event.text === 'first') await gate.promise;
        order.push(event.type === 'progress' ? event.text : '');
      },
    });
    const session = speak(wire);
    const texts = ['first', 'second', 'third'];
    const body = texts
      .map((name) => `${JSON.stringify({ type: 'progress', text: name })}\n`)
      .join('');
    const answered = request(session, postEvents, body);
    expect(order).toEqual([]);
    gate.resolve();
    expect(await answered).toBe(204);
    expect(order).toEqual(texts);
    await post(session, resultOf({}));
    await outcome;
  });

  test('hands foreign requests to the broker where there is one', async () => {
    const seen: unknown[] = [];
    const { wire, outcome } = serve({
      onEgress: (stream, headers) => {
        seen.push([headers[':method'], headers[':authority'], headers[':path']]);
        stream.respond({ ':status': 200 }, { endStream: true });
      },
    });
    const session = speak(wire);
    const foreign = { ':method': 'GET', ':path': '/', ':authority': 'example.com' };
    expect(await request(session, foreign)).toBe(200);
    expect(seen).toEqual([['GET', 'example.com', '/']]);
    await post(session, resultOf({}));
    await outcome;
  });
});

describe('a wire without a broker', () => {
  test.each([
    ['an unknown path', { ':method': 'GET', ':path': '/v1/secrets' }],
    ['the input by another method', { ':method': 'POST', ':path': routes.input }],
    ['the result by another method', { ':method': 'PUT', ':path': routes.result }],
    ['a path with a query', { ':method': 'GET', ':path': `${routes.input}?x` }],
    ['a foreign authority', { ...get, ':authority': 'example.com' }],
    ['the authority with a port', { ...get, ':authority': `${controlAuthority}:80` }],
    ['the authority in capitals', { ...get, ':authority': controlAuthority.toUpperCase() }],
    ['an address of metadata', { ...get, ':authority': '169.254.169.254' }],
    ['CONNECT', { ':method': 'CONNECT', ':authority': 'example.com:443' }],
    ['CONNECT to the control plane', { ':method': 'CONNECT', ':authority': controlAuthority }],
  ])('answers 403 to %s and goes on', async (_, headers) => {
    const { wire, outcome } = serve();
    const session = speak(wire);
    expect(await request(session, headers)).toBe(403);
    await post(session, resultOf({}));
    expect((await outcome).manifest).toEqual(manifest);
  });

  test('ends a row of denials that does not end', async () => {
    const { wire, outcome } = serve();
    const session = speak(wire);
    for (let sent = 0; sent <= maxDeniedRequests; sent += 1)
      await request(session, { ':method': 'GET', ':path': '/' });
    await expect(outcome).rejects.toMatchObject({ code: 'wire.failed' });
  });
});

describe('a wire that is broken', () => {
  test.each<[string, Uint8Array | string]>([
    ['random bytes', randomBytes(4096)],
    ['HTTP/1.1', 'GET /v1/input HTTP/1.1\r\nHost: sallyport.internal\r\n\r\n'],
    ['text', 'hello\n'.repeat(100)],
    ['the preface and a frame of 16 MiB', frame(0xff_ff_ff, 0, 1)],
    ['the preface and DATA on no stream', frame(5, 0, 7)],
    ['the preface and an unknown setting with a wrong length', frame(5, 4, 0)],
  ])('is refused: %s', async (_, bytes) => {
    const { outcome, wire } = serve();
    wire.resume().write(bytes);
    await expect(outcome).rejects.toMatchObject({ code: 'wire.failed' });
  });

  test('is refused when it ends before it speaks', async () => {
    const { outcome, wire } = serve();
    wire.resume().end();
    await expect(outcome).rejects.toMatchObject({ code: 'wire.failed' });
  });

  test('is refused when it ends within a frame', async () => {
    const { outcome, wire } = serve();
    wire.resume().end(frame(100, 1, 1).subarray(0, 40));
    await expect(outcome).rejects.toMatchObject({ code: 'wire.failed' });
  });

  test('is refused when it was closed before anybody listened', async () => {
    const { outcome: first, wire } = serve();
    wire.destroy();
    await expect(first).rejects.toMatchObject({ code: 'wire.failed' });
  });

  test('ends with the caller’s reason when the sandbox never speaks', async () => {
    const abort = new AbortController();
    const { outcome } = serve({ signal: abort.signal });
    const reason = new Error('wall clock');
    abort.abort(reason);
    await expect(outcome).rejects.toBe(reason);
  });

  test('is not served at all when the caller has given up', async () => {
    const reason = new Error('cancelled');
    const { outcome } = serve({ signal: AbortSignal.abort(reason) });
    await expect(outcome).rejects.toBe(reason);
  });

  test.each([
    ['pings', ping()],
    ['settings', Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])],
  ])('is refused when nobody reads the answers to a flood of %s', async (_, piece) => {
    const { outcome, wire } = serve();
    const flood = Buffer.concat(Array.from({ length: 20_000 }, () => piece));
    wire.write(Buffer.concat([frame(0, 4, 0), flood]));
    await expect(outcome).rejects.toMatchObject({ code: 'wire.failed' });
  });

  test('is refused when requests are reset as fast as they are made (CVE-2023-44487)', async () => {
    const { outcome, wire } = serve();
    const session = speak(wire);
    for (let sent = 0; sent < 2_000 && !session.destroyed; sent += 1) {
      const stream = session.request({ ':authority': controlAuthority, ...get, ':path': '/' });
      stream.on('error', () => undefined);
      stream.close(8);
      if (sent % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await expect(outcome).rejects.toMatchObject({ code: 'wire.failed' });
  });

  test('never ends the process, whatever it sends and whenever it closes', async () => {
    await fc.assert(
      fc.asyncProperty(frames, fc.boolean(), fc.boolean(), async (sent, isRead, isEnded) => {
        const { outcome, wire } = serve();
        if (isRead) wire.resume();
        wire.write(frame(0, 4, 0));
        for (const piece of sent) if (!wire.writableEnded && !wire.destroyed) wire.write(piece);
        await new Promise((resolve) => setImmediate(resolve));
        if (isEnded && !wire.destroyed) wire.end();
        else wire.destroy();
        // An assertion in Node would come as an uncaught exception, which fails the run.
        await expect(outcome).rejects.toMatchObject({
          code: expect.stringMatching(/^(wire|result)\./) as string,
        });
      }),
      { numRuns: 500 },
    );
  });
});

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** Frames of every type with any flags, on few streams, with small payloads that are seldom right. */
const frames = fc.array(
  fc
    .tuple(fc.nat(10), fc.nat(255), fc.nat(5), fc.uint8Array({ maxLength: 64 }))
    .map(([type, flags, stream, payload]) =>
      Buffer.concat([Buffer.from([0, 0, payload.length, type, flags, 0, 0, 0, stream]), payload]),
    ),
  { maxLength: 20 },
);

describe('the input', () => {
  test('is given once', async () => {
    const { wire, outcome } = serve();
    const session = speak(wire);
    await request(session, get);
    await request(session, get);
    await expect(outcome).rejects.toMatchObject({ code: 'wire.failed' });
  });

  test('ends the wire with its own fault when it cannot be read', async () => {
    const fault = new Error('the mirror is gone');
    const bundle = (): Readable =>
      new Readable({ read: (): void => undefined, construct: (done) => done(fault) });
    const { wire, outcome } = serve({ bundle });
    void request(speak(wire), get);
    await expect(outcome).rejects.toBe(fault);
  });

  test('ends the wire when the sandbox breaks it off', async () => {
    const endless = (): Readable =>
      new Readable({
        read() {
          this.push(Buffer.alloc(65_536));
        },
      });
    const { wire, outcome } = serve({ bundle: endless });
    const stream = speak(wire).request({ ':authority': controlAuthority, ...get });
    stream.on('error', () => undefined);
    stream.once('data', () => stream.close(8));
    await expect(outcome).rejects.toMatchObject({ code: 'wire.failed' });
  });
});

/** The client's preface, its empty SETTINGS, and one frame's header with zeros for a payload. */
function frame(length: number, type: number, stream: number): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt32BE(stream, 5);
  const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  const payload = Buffer.alloc(Math.min(length, 1 << 20));
  return Buffer.concat([preface, settings, header, payload]);
}

function ping(): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 8, 6, 0, 0, 0, 0, 0]), Buffer.alloc(8)]);
}
