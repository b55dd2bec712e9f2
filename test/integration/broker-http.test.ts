import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, test } from 'vitest';
import { ask } from '../support/broker/broker-scene.ts';
import { makeCertificate } from '../support/broker/certificate.ts';
import { serveHttp } from '../support/broker/servers.ts';
import { recordsOf, Upstream } from '../support/broker/upstream.ts';

const upstream = new Upstream();

describe('a plain request that a rule takes', () => {
  test('is answered, and both decisions are recorded without the query', async () => {
    const { session, records, broker } = upstream.open();
    const { status, body } = await ask(session, upstream.url('/a/b?token=sesame'));
    expect([status, body]).toEqual([200, 'the upstream']);
    await broker.idle();
    expect(records).toMatchObject([
      { type: 'egress.allowed', exchange: 1, ruleId: 'docs', addresses: ['127.0.0.1'] },
      { type: 'egress.closed', exchange: 1, path: '/a/b', status: 200, ending: 'complete' },
    ]);
    expect(JSON.stringify(records)).not.toContain('sesame');
    expect(upstream.seen[0]?.url).toBe('/a/b?token=sesame');
  });

  test('with a name and a password is none: HTTP/2 has no such authority, and nothing is recorded', async () => {
    const opened = upstream.open();
    const authority = `mona:sesame@upstream.example:${upstream.port}`;
    const stream = opened.session.request({ ':scheme': 'http', ':authority': authority });
    const [error] = (await once(stream, 'error')) as [Error];
    expect(error.message).toContain('NGHTTP2_PROTOCOL_ERROR');
    expect(await recordsOf(opened)).toEqual([]);
  });

  test('carries a body up and another down, and counts both', async () => {
    upstream.answer = (request, response) => void request.pipe(response);
    const { session, broker } = upstream.open();
    const body = 'x'.repeat(300_000);
    expect((await ask(session, upstream.url('/'), { method: 'POST', body })).body).toBe(body);
    await broker.idle();
    const { bytesUp, bytesDown } = broker.usage();
    expect(bytesUp).toBeGreaterThanOrEqual(300_000);
    expect(bytesDown).toBeGreaterThanOrEqual(300_000);
  });

  test('is answered without what only the broker says to a supervisor', async () => {
    upstream.answer = (_, response) =>
      void response.writeHead(200, { 'Sallyport-Limit': 'limit:model-cost', a: 'b' }).end();
    const { session } = upstream.open();
    const { headers } = await ask(session, upstream.url('/'));
    expect(headers).toMatchObject({ a: 'b' });
    expect(headers).not.toHaveProperty('sallyport-limit');
  });

  test('loses what is meant for a proxy, and has a Host of ours', async () => {
    const { session } = upstream.open();
    const headers = { 'proxy-authorization': 'x', 'x-forwarded-for': '1', via: 'x', accept: 'a/b' };
    await ask(session, upstream.url('/'), { headers });
    expect(upstream.seen[0]?.headers).toEqual({
      accept: 'a/b',
      host: `upstream.example:${upstream.port}`,
      connection: 'close',
    });
  });

  test('is not followed when it is sent elsewhere: the next request is judged by itself', async () => {
    upstream.answer = (_, response) =>
      response.writeHead(302, { location: 'http://evil.example/' }).end();
    const opened = upstream.open();
    const { status, headers } = await ask(opened.session, upstream.url('/'));
    expect([status, headers['location']]).toEqual([302, 'http://evil.example/']);
    expect((await ask(opened.session, 'http://evil.example/')).status).toBe(403);
    expect(await recordsOf(opened)).toEqual(['egress.allowed', 'egress.closed', 'no-rule']);
    expect(upstream.seen).toHaveLength(1);
  });

  test('answers HEAD, 204 and 304 without a body', async () => {
    const { session } = upstream.open();
    expect((await ask(session, upstream.url('/'), { method: 'HEAD' })).status).toBe(200);
    for (const status of [204, 304]) {
      upstream.answer = (_, response) => response.writeHead(status).end();
      expect(await ask(session, upstream.url('/'))).toMatchObject({ status, body: '' });
    }
  });
});

describe('a request that no rule takes', () => {
  test.each([
    ['another host', 'http://other.example/', 'no-rule'],
    ['a name under the host', 'http://a.upstream.example/', 'no-rule'],
    ['another port', 'http://upstream.example:1/', 'no-rule-for-port'],
    ['an address', 'http://127.0.0.1/', 'host-ip-literal'],
    ['metadata by address', 'http://169.254.169.254/latest/meta-data', 'host-ip-literal'],
    ['an address in one number', 'http://2130706433/', 'host-ip-literal'],
    ['an IPv6 address', 'http://[::1]/', 'host-ip-literal'],
    ['a trailing dot', 'http://upstream.example./', 'host-trailing-dot'],
    ['the control plane', 'http://sallyport.internal/v1/secrets', 'no-rule'],
    ['a route that is not', 'http://x.model.sallyport.internal/v1/messages', 'no-route'],
  ])('is denied and never resolved: %s', async (_, wanted, reason) => {
    const opened = upstream.open();
    expect((await ask(opened.session, wanted)).status).toBe(403);
    expect(await recordsOf(opened)).toEqual([reason]);
    expect(opened.resolver.asked).toEqual([]);
    expect(opened.dialer.dialled).toEqual([]);
  });

  test.each([
    ['by its method', '/docs/a', 'DELETE', 'no-rule-for-method'],
    ['by its path', '/other', 'GET', 'no-rule-for-path'],
    ['by a path that climbs', '/docs/../other', 'GET', 'path-traversal'],
    ['by a path that climbs in disguise', '/docs/%2e%2e/other', 'GET', 'path-traversal'],
    ['by a path with a hidden slash', '/docs/..%2fother', 'GET', 'path-traversal'],
    ['by a path that is escaped twice', '/docs/%252e%252e/other', 'GET', 'path-encoding'],
    ['by a backslash', '/docs/..\\other', 'GET', 'path-malformed'],
  ])('is denied %s', async (_, path, method, reason) => {
    const opened = upstream.open({}, { paths: ['/docs/**'] });
    expect((await ask(opened.session, upstream.url(path), { method })).status).toBe(403);
    expect(await recordsOf(opened)).toEqual([reason]);
  });

  test('is denied when it asks for https, which a proxy cannot keep', async () => {
    const opened = upstream.open();
    const headers = { ':scheme': 'https' };
    expect((await ask(opened.session, upstream.url('/'), { headers })).status).toBe(403);
    expect(await recordsOf(opened)).toEqual(['scheme-not-http']);
  });

  test('is denied when a reading method carries a body', async () => {
    const opened = upstream.open();
    const { status } = await ask(opened.session, upstream.url('/'), { body: 'stolen' });
    expect(status).toBe(403);
    expect(await recordsOf(opened)).toEqual(['body-not-allowed']);
    expect(upstream.seen).toEqual([]);
  });
});

describe('a name', () => {
  test.each([
    ['a private address', [['192.0.2.1']]],
    ['loopback by IPv6', [['::1']]],
    ['one bad address among good ones', [['127.0.0.1', '198.51.100.7']]],
    ['an address in IPv4-mapped form', [['::ffff:127.0.0.1']]],
  ])('is denied with %s', async (_, addresses) => {
    const opened = upstream.open({ names: { 'upstream.example': addresses } });
    expect((await ask(opened.session, upstream.url('/'))).status).toBe(403);
    expect(await recordsOf(opened)).toEqual(['address-not-public']);
    expect(opened.dialer.dialled).toEqual([]);
  });

  test('is looked up once for a request, so that a second answer changes nothing', async () => {
    const names = { 'upstream.example': [['127.0.0.1'], ['203.0.113.9']] };
    const opened = upstream.open({ names });
    expect((await ask(opened.session, upstream.url('/'))).status).toBe(200);
    expect(opened.resolver.asked).toEqual(['upstream.example']);
    expect((await ask(opened.session, upstream.url('/'))).status).toBe(403);
    expect(opened.dialer.dialled).toEqual([`127.0.0.1:${upstream.port}`]);
  });

  test('is denied when it has no address', async () => {
    const opened = upstream.open({ names: {} });
    expect((await ask(opened.session, upstream.url('/'))).status).toBe(502);
    expect(await recordsOf(opened)).toEqual(['resolve-failed']);
  });

  test('is denied when it has more addresses than anybody needs', async () => {
    const many = Array.from({ length: 33 }, (_, index) => `127.0.1.${index}`);
    const opened = upstream.open({ names: { 'upstream.example': [many] } });
    expect((await ask(opened.session, upstream.url('/'))).status).toBe(502);
    expect(await recordsOf(opened)).toEqual(['resolve-failed']);
    expect(opened.dialer.dialled).toEqual([]);
  });

  test('is tried at its other addresses when the first does not answer', async () => {
    // Nothing listens on 127.0.0.2 with this port.
    const opened = upstream.open({ names: { 'upstream.example': [['127.0.0.2', '127.0.0.1']] } });
    expect((await ask(opened.session, upstream.url('/'))).status).toBe(200);
  });
});

describe('a rule with a credential', () => {
  const certificate = makeCertificate('upstream.example');

  test.each([
    ['x-api-key', { 'x-api-key': 'real-key' }],
    ['authorization-bearer', { authorization: 'Bearer real-key' }],
  ])('puts it in place of whatever came: %s', async (header, sent) => {
    const seen: IncomingHttpHeaders[] = [];
    const server = await serveHttp((request, response) => {
      seen.push(request.headers);
      response.end('secret');
    }, certificate);
    const rule = { port: server.port, tls: true, credential: { name: 'key', header } };
    const opened = upstream.open(
      { ca: certificate.cert, credentials: new Map([['key', () => 'real-key']]) },
      rule,
    );
    const headers = { authorization: 'theirs', 'x-api-key': 'theirs', cookie: 'theirs' };
    expect((await ask(opened.session, 'http://upstream.example/', { headers })).body).toBe(
      'secret',
    );
    const host = `upstream.example:${server.port}`;
    expect(seen).toEqual([{ host, connection: 'close', ...sent }]);
    opened.close();
    await opened.broker.idle();
    await server.close();
  });

  test('is not sent to a server whose certificate is not for the host', async () => {
    const server = await serveHttp(
      (_, response) => response.end('x'),
      makeCertificate('b.example'),
    );
    const rule = { port: server.port, tls: true };
    const opened = upstream.open({ ca: certificate.cert }, rule);
    expect((await ask(opened.session, 'http://upstream.example/')).status).toBe(502);
    await opened.broker.idle();
    expect(opened.records.at(-1)).toMatchObject({ ending: 'connect-failed' });
    await server.close();
  });
});
