import { once } from 'node:events';
import type { ClientHttp2Stream } from 'node:http2';
import { text } from 'node:stream/consumers';
import { connect as tlsConnect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  answerOf,
  openScene,
  type Scene,
  type SceneOptions,
} from '../support/broker/broker-scene.ts';
import { makeCertificate } from '../support/broker/certificate.ts';
import { captureHello } from '../support/broker/client-hellos.ts';
import { type Listening, serveHttp } from '../support/broker/servers.ts';
import { recordsOf } from '../support/broker/upstream.ts';
import { FakeClock } from '../support/fakes/fake-clock.ts';

const certificate = makeCertificate('upstream.example', 'other.example');
let upstream: Listening;
let scene: Scene;
let bodyBytes = 0;

beforeEach(async () => {
  bodyBytes = 0;
  upstream = await serveHttp((request, response) => {
    response.end(bodyBytes > 0 ? Buffer.alloc(bodyBytes) : `${request.headers.host} answers`);
  }, certificate);
});

afterEach(async () => {
  scene.close();
  await scene.broker.idle();
  await upstream.close();
});

function open(options: SceneOptions = {}): Scene {
  const { port } = upstream;
  const rules = [{ id: 'tunnel', host: 'upstream.example', port, methods: ['CONNECT'] }];
  scene = openScene({ policy: { rules }, ...options });
  return scene;
}

function tunnel(authority = `upstream.example:${upstream.port}`): ClientHttp2Stream {
  const stream = scene.session.request({ ':method': 'CONNECT', ':authority': authority });
  stream.on('error', () => undefined);
  return stream;
}

/** A real TLS client in a tunnel, that asks for one page. */
async function browse(servername: string): Promise<string> {
  const socket = tlsConnect({ socket: tunnel(), servername, ca: [certificate.cert] });
  socket.write('GET / HTTP/1.1\r\nHost: upstream.example\r\nConnection: close\r\n\r\n');
  return text(socket);
}

describe('a tunnel', () => {
  test('carries TLS from end to end, and counts and records it', async () => {
    const opened = open();
    expect(await browse('upstream.example')).toContain('upstream.example answers');
    await opened.broker.idle();
    expect(opened.records).toMatchObject([
      { type: 'egress.allowed', ruleId: 'tunnel', method: 'CONNECT', path: null },
      { type: 'egress.closed', ending: 'complete', status: null },
    ]);
    const { bytesUp, bytesDown } = opened.broker.usage();
    expect(bytesUp).toBeGreaterThan(300);
    expect(bytesDown).toBeGreaterThan(700);
  });

  test('takes the host in capitals for what it is', async () => {
    const opened = open();
    const stream = tunnel(`UPSTREAM.example:${upstream.port}`);
    const options = { servername: 'Upstream.Example', ca: [certificate.cert] };
    const socket = tlsConnect({ socket: stream, ...options });
    await once(socket, 'secureConnect');
    socket.destroy();
    await opened.broker.idle();
    expect(opened.records[0]).toMatchObject({ host: 'upstream.example' });
  });

  test.each([
    ['to another host', () => `other.example:${upstream.port}`, 'no-rule'],
    ['to another port', () => 'upstream.example:22', 'no-rule-for-port'],
    ['to an address', () => `127.0.0.1:${upstream.port}`, 'host-ip-literal'],
    ['to an address in octal', () => '0177.0.0.1:443', 'host-ip-literal'],
    ['to an IPv6 address', () => '[::1]:443', 'host-ip-literal'],
    ['to a mapped address', () => '[::ffff:169.254.169.254]:80', 'host-ip-literal'],
    ['without a port', () => 'upstream.example', 'port-malformed'],
    [
      'to a name with a dot at its end',
      () => `upstream.example.:${upstream.port}`,
      'host-trailing-dot',
    ],
    ['to the control plane', () => 'sallyport.internal:80', 'no-rule'],
  ])('is denied %s', async (_, authority, reason) => {
    const opened = open();
    expect((await answerOf(tunnel(authority()))).status).toBe(403);
    expect(await recordsOf(opened)).toEqual([reason]);
    expect(opened.dialer.dialled).toEqual([]);
  });

  test.each([
    ['another name in its ClientHello', 'other.example', 'tls-sni-mismatch'],
    ['no name in its ClientHello', undefined, 'tls-no-sni'],
  ])('is denied with %s', async (_, servername, reason) => {
    const opened = open();
    const stream = tunnel();
    stream.write(await captureHello(servername));
    expect((await answerOf(stream)).rstCode).not.toBe(0);
    expect(await recordsOf(opened)).toEqual([reason]);
    expect([...opened.dialer.dialled, ...opened.resolver.asked]).toEqual([]);
  });

  test.each([
    ['HTTP', 'GET / HTTP/1.1\r\n\r\n'],
    ['SSH', 'SSH-2.0-x\r\n'],
  ])('is denied when it carries %s', async (_, bytes) => {
    const opened = open();
    const stream = tunnel();
    stream.write(bytes);
    expect((await answerOf(stream)).rstCode).not.toBe(0);
    expect(await recordsOf(opened)).toEqual(['tls-not-tls']);
  });

  test('is denied when its ClientHello comes too slowly', async () => {
    const clock = new FakeClock();
    const opened = open({ clock });
    const stream = tunnel();
    await once(stream, 'response');
    const closed = answerOf(stream);
    stream.write((await captureHello('upstream.example')).subarray(0, 40));
    await clock.advance(5_000);
    expect((await closed).rstCode).not.toBe(0);
    expect(await recordsOf(opened)).toEqual(['tls-timeout']);
  });

  test('is denied when its ClientHello comes byte by byte', async () => {
    const opened = open();
    const stream = tunnel();
    const closed = answerOf(stream);
    for (const byte of await captureHello('upstream.example')) {
      stream.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
      if (stream.closed) break;
    }
    await closed;
    expect(await recordsOf(opened)).toEqual(['tls-malformed']);
  });

  test('is denied when its name leads to an address that is not public', async () => {
    const opened = open({ names: { 'upstream.example': [['192.0.2.7']] } });
    const stream = tunnel();
    stream.write(await captureHello('upstream.example'));
    expect((await answerOf(stream)).rstCode).not.toBe(0);
    expect(await recordsOf(opened)).toEqual(['address-not-public']);
  });

  test('is ended when nothing passes any more', async () => {
    const clock = new FakeClock();
    const opened = open({ clock });
    const socket = tlsConnect({
      socket: tunnel(),
      servername: 'upstream.example',
      ca: [certificate.cert],
    });
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    const closed = once(socket, 'close');
    await clock.advance(60_000);
    await closed;
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({ ending: 'idle' });
  });

  test('is ended at the ceiling of bytes', async () => {
    bodyBytes = 500_000;
    const opened = open({ limits: { networkBytes: 100_000 } });
    await browse('upstream.example').catch(() => '');
    await opened.broker.idle();
    expect(opened.reached).toEqual(['limit:network-bytes']);
    expect(opened.records.at(-1)).toMatchObject({ ending: 'limit:network-bytes' });
  });
});
