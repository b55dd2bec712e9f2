import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { type AgentProxy, startProxy } from '../../workers/supervisor/proxy/start-proxy.ts';
import type { Scene } from '../support/broker/broker-scene.ts';
import { makeCertificate } from '../support/broker/certificate.ts';
import { type Listening, serveHttp } from '../support/broker/servers.ts';
import { recordsOf, Upstream } from '../support/broker/upstream.ts';

const upstream = new Upstream();
let proxy: AgentProxy | undefined;
let secure: Listening | undefined;
afterEach(async () => {
  await proxy?.close();
  await secure?.close();
  proxy = undefined;
  secure = undefined;
});

async function start(scene: Scene): Promise<AgentProxy> {
  const open = scene.session.request.bind(scene.session);
  proxy = await startProxy((headers, options) => open(headers, options), {
    proxyPort: 0,
    modelPort: 0,
  });
  return proxy;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** Asks the proxy as a client does that is told of it. */
async function send(url: string, options: Asked = {}, port = proxy?.proxyPort) {
  const { body, ...rest } = options;
  const asked = request({ host: '127.0.0.1', port, path: url, agent: new Agent(), ...rest });
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return answer;
}

async function answerOf(url: string, options: Asked = {}, port = proxy?.proxyPort) {
  const answer = await send(url, options, port);
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

/** Opens a tunnel; gives the socket and the first line of the answer. */
async function tunnel(authority: string): Promise<{ socket: Socket; status: string }> {
  const socket = connect(proxy?.proxyPort ?? 0, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  const [head] = (await once(socket, 'data')) as [Buffer];
  return { socket, status: head.toString('latin1') };
}

describe('a plain request', () => {
  test('goes out by rule and its answer comes back, bodies both ways', async () => {
    upstream.answer = (incoming, response) => void incoming.pipe(response);
    await start(upstream.open());
    const body = 'x'.repeat(300_000);
    const answer = await answerOf(upstream.url('/a?b=c'), { method: 'POST', body });
    expect([answer.status, answer.body === body]).toEqual([200, true]);
    expect(upstream.seen[0]?.url).toBe('/a?b=c');
  });

  test('loses what is meant for the hop, and what the hop nominates', async () => {
    await start(upstream.open());
    const headers = {
      connection: 'keep-alive, x-mine',
      'x-mine': '1',
      'proxy-authorization': 'Basic x',
      'proxy-connection': 'keep-alive',
      te: 'trailers',
      host: 'other.example',
      accept: 'a/b',
    };
    expect((await answerOf(upstream.url('/'), { headers })).status).toBe(200);
    expect(upstream.seen[0]?.headers).toEqual({
      accept: 'a/b',
      host: `upstream.example:${upstream.port}`,
      connection: 'close',
    });
  });

  test('that no rule takes is answered with the reason, and the wire goes on', async () => {
    const scene = upstream.open();
    await start(scene);
    const denied = await answerOf('http://other.example/');
    expect([denied.status, denied.body]).toEqual([403, expect.stringContaining('no-rule')]);
    expect((await answerOf('http://169.254.169.254/')).body).toContain('host-ip-literal');
    expect((await answerOf(upstream.url('/'))).status).toBe(200);
    expect((await recordsOf(scene)).slice(0, 2)).toEqual(['no-rule', 'host-ip-literal']);
  });

  test('is answered piece by piece', async () => {
    const rest = Promise.withResolvers<() => void>();
    upstream.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
      rest.resolve(() => response.end('data: 2\n\n'));
    };
    await start(upstream.open());
    const answer = await send(upstream.url('/'));
    const [first] = (await once(answer, 'data')) as [Buffer];
    expect(String(first)).toBe('data: 1\n\n');
    const end = text(answer);
    (await rest.promise)();
    expect(await end).toBe('data: 2\n\n');
  });

  test('whose answer breaks off does not end like a whole one', async () => {
    upstream.answer = (_, response) => {
      response.write('half');
      setImmediate(() => response.destroy());
    };
    await start(upstream.open());
    await expect(answerOf(upstream.url('/'))).rejects.toThrow(/aborted|hang up|closed/);
  });

  test('that the agent gives up is given up on the wire', async () => {
    upstream.answer = (_, response) => void response.write('a');
    const scene = upstream.open();
    await start(scene);
    (await send(upstream.url('/'))).destroy();
    expect(await recordsOf(scene)).toEqual(['egress.allowed', 'egress.closed']);
    expect(scene.records[1]).toMatchObject({ ending: 'sandbox-aborted' });
  });
});

describe('what would break the wire for everybody', () => {
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`x-${i}`, 'y']));
  test.each([
    ['too many headers', many, 431],
    ['headers that are too long', { 'x-long': 'y'.repeat(13_000) }, 431],
    ['as many headers as may be', Object.fromEntries(Object.entries(many).slice(0, 28)), 200],
    ['headers that are as long as may be', { 'x-long': 'y'.repeat(7_000) }, 200],
  ])('is refused here: %s', async (_, headers, status) => {
    await start(upstream.open());
    expect((await answerOf(upstream.url('/'), { headers })).status).toBe(status);
    expect((await answerOf(upstream.url('/'))).status).toBe(200);
  });

  test('is refused here: more streams than the wire has', async () => {
    upstream.answer = (_, response) => void response.write('a');
    const scene = upstream.open({ limits: { concurrent: 32 } });
    await start(scene);
    const held = await Promise.all(Array.from({ length: 28 }, () => send(upstream.url('/'))));
    const refused = await answerOf(upstream.url('/'));
    expect([refused.status, refused.body]).toEqual([503, expect.stringContaining('too-many')]);
    for (const answer of held) answer.destroy();
    await scene.broker.idle();
    upstream.answer = (_, response) => response.end('b');
    expect((await answerOf(upstream.url('/'))).status).toBe(200);
  });
});

describe('the control plane', () => {
  test.each(['http://sallyport.internal/v1/input', 'http://SALLYPORT.internal.:80/v1/result'])(
    'is not there for the agent: %s',
    async (url) => {
      const scene = upstream.open();
      await start(scene);
      const refused = await answerOf(url, { method: 'POST', body: 'forged' });
      expect([refused.status, refused.body]).toEqual([
        403,
        expect.stringContaining('control-plane'),
      ]);
      expect(
        (await answerOf('/v1/input', { headers: { host: 'sallyport.internal' } })).status,
      ).toBe(400);
      const { status } = await tunnel('sallyport.internal:80');
      expect(status).toMatch(/^HTTP\/1.1 403 /);
      expect(scene.records).toEqual([]);
    },
  );
});

describe('a model', () => {
  test('is asked for by its route, and is not there without one', async () => {
    const scene = upstream.open();
    const { modelPort } = await start(scene);
    const body = '{}';
    const denied = await answerOf('/claude/v1/messages', { method: 'POST', body }, modelPort);
    expect([denied.status, denied.body]).toEqual([403, expect.stringContaining('no-route')]);
    await scene.broker.idle();
    expect(scene.records[0]).toMatchObject({ host: 'claude.model.sallyport.internal', port: 80 });
  });
});

describe('a tunnel', () => {
  const certificate = makeCertificate('upstream.example');
  const openRule = (port: number) => ({
    rules: [{ id: 'tls', host: 'upstream.example', port, methods: ['CONNECT'] }],
  });

  test('carries TLS from end to end, both ways and to the last byte', async () => {
    secure = await serveHttp((incoming, response) => void incoming.pipe(response), certificate);
    await start(upstream.open({ policy: openRule(secure.port) }));
    const { socket, status } = await tunnel(`upstream.example:${secure.port}`);
    expect(status).toMatch(/^HTTP\/1.1 200 /);
    const tls = connectTls({ socket, servername: 'upstream.example', ca: certificate.cert });
    const body = 'z'.repeat(500_000);
    tls.write(
      `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    tls.write(body);
    const answer = await text(tls);
    expect(answer.split('z').length - 1).toBe(500_000);
  });

  test('is refused with the reason before it is made', async () => {
    await start(upstream.open());
    const { status } = await tunnel('other.example:443');
    expect(status).toMatch(/^HTTP\/1.1 403 Forbidden\r\n[\s\S]*no-rule/);
  });

  test('is broken off when its first bytes are no TLS', async () => {
    secure = await serveHttp(() => undefined, certificate);
    const scene = upstream.open({ policy: openRule(secure.port) });
    await start(scene);
    const { socket } = await tunnel(`upstream.example:${secure.port}`);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await once(socket, 'close');
    expect(await recordsOf(scene)).toEqual(['tls-not-tls']);
  });
});
