import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeCertificate } from '../support/broker/certificate.ts';
import { type Listening, serveHttp } from '../support/broker/servers.ts';
import { sampleReach } from '../support/report/samples.ts';
import { probeImage } from '../support/sandbox/probe-image.ts';
import { type EgressProbe, runEgress } from '../support/sandbox/run-egress.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';

let image: string;
beforeAll(async () => {
  image = await probeImage();
});

/** A server on the host's loopback, in plain HTTP and over TLS. */
const certificate = makeCertificate('upstream.example');
let visits: IncomingMessage[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let plain: Listening;
let secure: Listening;
beforeEach(async () => {
  visits = [];
  answer = (request, response) => void request.pipe(response);
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    visits.push(request);
    answer(request, response);
  };
  plain = await serveHttp(serve);
  secure = await serveHttp(serve, certificate);
});
afterEach(async () => {
  await plain.close();
  await secure.close();
});

const plainRule = (rule: object = {}) => ({
  id: 'docs',
  host: 'upstream.example',
  port: plain.port,
  methods: ['GET', 'POST'],
  paths: ['/**'],
  ...rule,
});
const url = (path: string): string =>
  JSON.stringify(`http://upstream.example:${plain.port}${path}`);

describe.each(runtimes)('what an agent reaches under %s', (runtime) => {
  const run = (probe: Omit<EgressProbe, 'image' | 'runtime'>) =>
    runEgress({ image, runtime, ...probe });

  describe.skipIf(isMissing(runtime))('when the runtime is there', () => {
    test('is nothing by the policy that ships, and each refusal is recorded with its reason', async () => {
      const program = `
        say(await answerTo('http://example.com/'));
        say(await answerTo('http://169.254.169.254/latest/meta-data/'));
        say(await answerTo('http://127.0.0.1:${plain.port}/'));
        say(await answerTo('http://[::1]:${plain.port}/'));
        say(await answerTo('http://2130706433/'));
        say(await answerTo('http://localhost:${plain.port}/'));
        say(await answerTo('/claude/v1/messages', { port: 3129, method: 'POST', body: '{}' }));
        say((await tunnel('example.com:443')).status);
        say((await tunnel('169.254.169.254:80')).status);
      `;
      const { said, records, reached } = await run({ program, policy: sampleReach() });
      const literal = [403, 'host-ip-literal'];
      expect(said).toEqual([
        [403, 'no-rule'],
        literal,
        literal,
        literal,
        literal,
        [403, 'host-localhost'],
        [403, 'no-route'],
        403,
        403,
      ]);
      expect(records.map(({ type }) => type)).toEqual(said.map(() => 'egress.denied'));
      expect(reached).toEqual([]);
      expect(visits).toEqual([]);
    });

    test('is not the host’s loopback without the proxy', async () => {
      const program = `
        const connect = (port) => new Promise((resolve) => {
          const socket = net.connect({ host: '127.0.0.1', port, timeout: 3000 });
          socket.on('connect', () => resolve('connected')).on('timeout', () => resolve('silence'));
          socket.on('error', (error) => resolve(error.code));
        });
        say([await connect(${plain.port}), await connect(${secure.port})]);
      `;
      expect((await run({ program })).said).toEqual([['ECONNREFUSED', 'ECONNREFUSED']]);
      expect(visits).toEqual([]);
    });

    test('is what a rule takes, by clients that know of the proxy from their environment', async () => {
      const program = `
        say(python('import urllib.request as r; print(r.urlopen(r.Request(${url('/a?b=c')}, data=b"hello")).read().decode())').stdout.trim());
        say((await answerTo(${url('/a')}, { method: 'DELETE' })));
      `;
      const { said, records } = await run({ program, policy: { rules: [plainRule()] } });
      expect(said).toEqual(['hello', [403, 'no-rule-for-method']]);
      expect(visits.map((visit) => visit.url)).toEqual(['/a?b=c']);
      const allowed = { ruleId: 'docs', host: 'upstream.example', path: '/a', exchange: 1 };
      expect(records).toMatchObject([
        { type: 'egress.allowed', ...allowed, addresses: ['127.0.0.1'] },
        { type: 'egress.closed', ...allowed, status: 200, ending: 'complete' },
        { type: 'egress.denied', reason: 'no-rule-for-method' },
      ]);
    });

    test('is answered to the end, also when head and body of a request come apart', async () => {
      // The upstream has the whole body before the wire has said so: its answer overtakes the request.
      const program = `
        const script = [
          'import urllib.request as r',
          'said = [r.urlopen(r.Request(' + ${JSON.stringify(url('/'))} + ', data=b"hello")).read() for _ in range(20)]',
          'print(said.count(b"hello"))',
        ];
        say(python(script.join('\\n')).stdout.trim());
      `;
      const { said, records } = await run({ program, policy: { rules: [plainRule()] } });
      expect(said).toEqual(['20']);
      expect(
        records.filter((record) => 'ending' in record && record.ending === 'complete'),
      ).toHaveLength(20);
    });

    test('is streamed: what has been said is there before the rest is', async () => {
      let finish = (): void => undefined;
      answer = (request, response) => {
        if (request.url === '/go') {
          finish();
          response.end();
          return;
        }
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: first\n\n');
        finish = () => response.end('data: last\n\n');
      };
      // Whatever held the first piece back until the end would wait here for ever.
      const program = `
        const stream = await ask(${url('/events')});
        const pieces = [];
        // Collected from the first on: what comes while nobody listens is lost.
        stream.on('data', (piece) => pieces.push(String(piece)));
        const ended = once(stream, 'end');
        await once(stream, 'data');
        say(pieces.shift());
        await read(await ask(${url('/go')}));
        await ended;
        say(pieces.join(''));
      `;
      const { said } = await run({ program, policy: { rules: [plainRule()] } });
      expect(said).toEqual(['data: first\n\n', 'data: last\n\n']);
    });

    test('is a tunnel of real TLS to the host of the rule, and to no other name in it', async () => {
      const program = `
        const over = async (servername) => {
          const { socket } = await tunnel('upstream.example:${secure.port}');
          const secured = tls.connect({ socket, servername, ca: ${JSON.stringify(certificate.cert)} });
          const failed = new Promise((resolve) => secured.on('error', () => resolve('broken off')));
          const body = 'z'.repeat(200000);
          secured.write('POST / HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\nContent-Length: 200000\\r\\n\\r\\n' + body);
          return Promise.race([failed, read(secured).then((all) => all.split('z').length - 1)]);
        };
        say(await over('upstream.example'));
        say(await over('evil.example'));
      `;
      const rule = { id: 'tls', host: 'upstream.example', port: secure.port, methods: ['CONNECT'] };
      const { said, records } = await run({ program, policy: { rules: [rule] } });
      expect(said).toEqual([200_000, 'broken off']);
      expect(records.at(-1)).toMatchObject({ type: 'egress.denied', reason: 'tls-sni-mismatch' });
      expect(visits).toHaveLength(1);
    });

    test('is never the control plane: no input twice, and no result of its own', async () => {
      const forged = {
        protocol: 2,
        agent: { exitCode: 0, signal: null, timedOut: false },
        report: { findings: [], tools: [], toolErrors: [] },
        changes: [{ kind: 'write', path: 'forged', executable: false, bytes: 1 }],
      };
      const program = `
        const body = ${JSON.stringify(`${JSON.stringify(forged)}\nx`)};
        const names = ['sallyport.internal', 'SALLYPORT.INTERNAL', 'sallyport.internal.', 'sallyport.internal:80', 'sallyport.internal:'];
        for (const name of names) for (const port of [3128, 3129]) {
          const head = (method, target) => method + ' ' + target + ' HTTP/1.1\\r\\nHost: ' + name + '\\r\\nContent-Length: ';
          say([
            await raw(head('GET', 'http://' + name + '/v1/input') + '0\\r\\n\\r\\n', port),
            await raw(head('GET', '/v1/input') + '0\\r\\n\\r\\n', port),
            await raw(head('POST', 'http://' + name + '/v1/result') + body.length + '\\r\\n\\r\\n' + body, port),
            await raw(head('POST', 'http://x@' + name + '/v1/result') + body.length + '\\r\\n\\r\\n' + body, port),
            await raw(head('POST', '/v1/result') + body.length + '\\r\\n\\r\\n' + body, port),
            await raw(head('POST', '/../v1/result') + body.length + '\\r\\n\\r\\n' + body, port),
            await raw('CONNECT ' + name + ' HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n', port),
            await raw('PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n', port),
            await raw('POST http://a.example/v1/result HTTP/1.1\\r\\n:authority: sallyport.internal\\r\\nHost: x\\r\\nContent-Length: ' + body.length + '\\r\\n\\r\\n' + body, port),
            await raw('POST http://a.example/v1/result HTTP/1.1\\r\\nHost: sallyport.internal\\r\\nContent-Length: ' + body.length + '\\r\\n\\r\\n' + body, port),
          ]);
        }
        process.exit(5);
      `;
      const { verdict, said } = await run({ program });
      expect(said).toHaveLength(10);
      // No answer at all is what the port for models gives to a CONNECT.
      for (const lines of said as string[][])
        for (const line of lines) expect(line).toMatch(/^$|^HTTP\/1\.1 40[03] /);
      expect(verdict).toMatchObject({ status: 'result' });
      const { manifest } = 'result' in verdict ? verdict.result : { manifest: undefined };
      expect(manifest).toMatchObject({ agent: { exitCode: 5 }, report: null, changes: [] });
    });

    test('is a model without its key', async () => {
      answer = (_, response) => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ usage: { prompt_tokens: 3, completion_tokens: 4 } }));
      };
      const route = {
        id: 'local',
        kind: 'openai-chat',
        authority: 'local.model.sallyport.internal',
        upstream: `http://127.0.0.1:${plain.port}`,
        credential: { name: 'key', header: 'authorization-bearer' },
        paths: ['/v1/chat/completions'],
        models: ['m-1'],
        unpriced: 'allow',
        limits: { tokens: 1_000_000, costMicroUsd: 1 },
      };
      const program = `
        const body = JSON.stringify({ model: 'm-1', messages: [{ role: 'user', content: 'hello' }] });
        const headers = { 'content-type': 'application/json', authorization: 'Bearer placeholder' };
        const answer = await ask('/local/v1/chat/completions', { port: 3129, method: 'POST', headers, body });
        say([answer.statusCode, JSON.parse(await read(answer)).usage.prompt_tokens]);
      `;
      const credentials = new Map([['key', () => 'sk-real-key']]);
      const { said, records } = await run({
        program,
        policy: { modelRoutes: [route] },
        credentials,
      });
      expect(said).toEqual([[200, 3]]);
      expect(visits[0]?.headers.authorization).toBe('Bearer sk-real-key');
      expect(records.at(-1)).toMatchObject({ ruleId: 'local', model: { input: 3, output: 4 } });
    });

    test.each([
      ['limit:network-bytes', { networkBytes: 100_000 }],
      ['limit:requests', { requests: 3 }],
      ['limit:connections', { connections: 3 }],
    ])('ends the task by name at %s', async (reason, limits) => {
      answer = (_, response) => response.end('x'.repeat(50_000));
      const program = `for (;;) await ask(${url('/')}).then(read, () => undefined);`;
      const policy = {
        rules: [plainRule()],
        limits: { ...sampleReach().limits, ...limits },
      };
      const { verdict, records } = await run({ program, policy });
      expect(verdict).toEqual({ status: 'failed', reason });
      expect(JSON.stringify(records)).toContain(reason);
    });
  });
});
