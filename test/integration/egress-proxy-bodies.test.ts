import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { type AgentProxy, startProxy } from '../../workers/supervisor/proxy/start-proxy.ts';
import type { Scene } from '../support/broker/broker-scene.ts';
import { RawClient } from '../support/broker/raw-client.ts';
import { recordsOf, Upstream } from '../support/broker/upstream.ts';
import { waitFor } from '../support/wait-for.ts';

const upstream = new Upstream();
let proxy: AgentProxy | undefined;
let client: RawClient;
afterEach(async () => {
  client.socket.destroy();
  await proxy?.close();
});

async function start(limits: object = {}): Promise<Scene> {
  const scene = upstream.open({ limits: { requests: 2_000, connections: 2_000, ...limits } });
  const open = scene.session.request.bind(scene.session);
  const ports = { proxyPort: 0, modelPort: 0 };
  proxy = await startProxy((headers, options) => open(headers, options), ports);
  client = await RawClient.to(proxy.proxyPort);
  return scene;
}

const head = (method: string, ...lines: string[]): string =>
  [`${method} ${upstream.url('/')} HTTP/1.1`, 'Host: x', ...lines, '', ''].join('\r\n');
/** The broker's side of the wire holds nothing any more of what is over. */
const allClosed = (scene: Scene) =>
  waitFor('the end of all streams', () => (scene.openStreams.size === 0 ? true : undefined));

describe('an answer that is whole before its request is', () => {
  const large = 'z'.repeat(300_000);
  test.each([
    ['short', 'early', 'Content-Length: 10', ['hello', 'world']],
    ['large', large, 'Content-Length: 10', ['hello', 'world']],
    ['short, to chunks', 'early', 'Transfer-Encoding: chunked', ['5\r\nhello\r\n', '0\r\n\r\n']],
    ['large, to chunks', large, 'Transfer-Encoding: chunked', ['5\r\nhello\r\n', '0\r\n\r\n']],
  ])('comes to its end, and the connection goes on: %s', async (_, body, length, [first, last]) => {
    upstream.answer = (incoming, response) => void incoming.once('data', () => response.end(body));
    const scene = await start();
    for (let round = 0; round < 5; round += 1) {
      await client.send(head('POST', length));
      await client.send(first ?? '');
      const [status, received] = await client.answer();
      expect([status, received === body]).toEqual([200, true]);
      await client.send(last ?? '');
    }
    expect(new Set(await recordsOf(scene))).toEqual(new Set(['egress.allowed', 'egress.closed']));
    const endings = scene.records.map((record) => ('ending' in record ? record.ending : null));
    expect(new Set(endings)).toEqual(new Set([null, 'complete']));
    await allClosed(scene);
  });

  test.each([204, 304])('comes without a body: %i', async (status) => {
    upstream.answer = (incoming, response) =>
      void incoming.once('data', () => response.writeHead(status).end());
    await start();
    await client.send(head('POST', 'Content-Length: 10'));
    await client.send('hello');
    expect(await client.answer({ hasBody: false })).toEqual([status, '']);
    upstream.answer = (_, response) => response.end('next');
    await client.send('world');
    await client.send(head('GET'));
    expect(await client.answer()).toEqual([200, 'next']);
  });

  test('is there for a client that sends all before it reads', async () => {
    upstream.answer = (incoming, response) => {
      // As servers do that mean their answer to arrive: it is not reset by what still comes.
      incoming.socket.destroySoon = () => void incoming.socket.end();
      incoming.resume();
      response.writeHead(413).end('z'.repeat(900_000));
    };
    await start();
    client.socket.pause();
    await client.send(head('POST', 'Content-Length: 800000', 'Connection: close'));
    await client.send('a'.repeat(800_000));
    client.socket.resume();
    const [status, received] = await client.answer();
    expect([status, received.length]).toEqual([413, 900_000]);
  });

  test('is no reset of the wire, so that any number of them is no flood', async () => {
    upstream.answer = (incoming, response) => void incoming.once('data', () => response.end('x'));
    await start();
    for (let round = 0; round < 300; round += 1) {
      await client.send(head('POST', 'Transfer-Encoding: chunked'));
      await client.send('5\r\nhello\r\n');
      expect(await client.answer()).toEqual([200, 'x']);
      await client.send('0\r\n\r\n');
    }
  });
});

describe('a body', () => {
  test('in two segments is answered to the end, every time', async () => {
    upstream.answer = (incoming, response) => void incoming.pipe(response);
    const scene = await start();
    for (let round = 0; round < 200; round += 1) {
      client = await RawClient.to(proxy?.proxyPort ?? 0);
      await client.send(head('POST', 'Content-Length: 5', 'Connection: close'));
      await client.send('hello');
      expect(await client.answer()).toEqual([200, 'hello']);
    }
    await allClosed(scene);
  });

  test('goes up while a large answer comes down', async () => {
    upstream.answer = (incoming, response) => void incoming.pipe(response);
    await start({ networkBytes: 16 * 1024 * 1024, bodyBytes: 8 * 1024 * 1024 });
    const piece = 'ab'.repeat(50_000);
    await client.send(head('POST', 'Content-Length: 4000000'));
    for (let sent = 0; sent < 40; sent += 1) await client.send(piece);
    const [, received] = await client.answer();
    expect(received === piece.repeat(40)).toBe(true);
  });

  test.each([
    ['above the ceiling', 'POST', 'Content-Length: 3000000', 'body-bytes'],
    ['of a method that has none', 'GET', 'Content-Length: 3000000', 'body-not-allowed'],
  ])('%s is refused with the reason before it is read', async (_, method, length, reason) => {
    upstream.answer = (incoming) => void incoming.resume();
    const scene = await start();
    await client.send(head(method, length));
    void client.send('a'.repeat(2_000_000));
    expect(await client.answer()).toEqual([403, expect.stringContaining(reason)]);
    await allClosed(scene);
  });

  test('whose client goes away is given up', async () => {
    upstream.answer = (incoming) => void incoming.once('data', () => client.socket.destroy());
    const scene = await start();
    await client.send(head('POST', 'Content-Length: 10'));
    await client.send('hello');
    await once(client.socket, 'close');
    await scene.broker.idle();
    expect(scene.records[1]).toMatchObject({ ending: 'sandbox-aborted' });
    await allClosed(scene);
  });

  test('is asked for by 100 where the client waits for that', async () => {
    upstream.answer = (incoming, response) => void incoming.pipe(response);
    await start();
    await client.send(head('POST', 'Content-Length: 5', 'Expect: 100-continue'));
    expect(await client.answer({ hasBody: false })).toEqual([100, '']);
    await client.send('hello');
    expect(await client.answer()).toEqual([200, 'hello']);
  });
});

describe('an answer that is cut off does not end like a whole one', () => {
  test.each(['GET', 'POST'])('by the upstream: %s', async (method) => {
    upstream.answer = (_, response) => response.write('half', () => response.destroy());
    await start();
    await client.send(head(method, ...(method === 'POST' ? ['Content-Length: 10'] : [])));
    await expect(client.answer()).rejects.toThrow('cut off');
  });

  test.each(['sandbox', 'control plane'])('by the end of the wire, at the %s', async (side) => {
    upstream.answer = (_, response) => void response.write('half');
    const scene = await start();
    await client.send(head('GET'));
    const answered = client.answer();
    await once(client.socket, 'data');
    if (side === 'sandbox') scene.session.destroy();
    else scene.close();
    await expect(answered).rejects.toThrow('cut off');
  });
});

describe('one connection', () => {
  test('carries many requests, one after the other and several at once, answered in order', async () => {
    let count = 0;
    upstream.answer = (incoming, response) => {
      count += 1;
      const own = `<${count}>`;
      incoming.resume().on('end', () => response.end(own));
    };
    await start();
    for (let round = 0; round < 50; round += 1) {
      await client.send(head('POST', 'Content-Length: 5'));
      await client.send('hello');
      expect(await client.answer()).toEqual([200, `<${round + 1}>`]);
    }
    upstream.answer = (incoming, response) => response.end(String(incoming.headers['x-number']));
    await client.send([1, 2, 3, 4, 5].map((i) => head('GET', `X-Number: <${i}>`)).join(''));
    for (const i of [1, 2, 3, 4, 5]) expect(await client.answer()).toEqual([200, `<${i}>`]);
  });

  test('answers HEAD without a body, and the next request after it', async () => {
    upstream.answer = (_, response) =>
      response.writeHead(200, { 'content-length': 5 }).end('hello');
    await start();
    await client.send(head('HEAD'));
    expect(await client.answer({ hasBody: false })).toEqual([200, '']);
    await client.send(head('GET'));
    expect(await client.answer()).toEqual([200, 'hello']);
  });

  test('that goes away takes the requests along that wait in it', async () => {
    upstream.answer = (_, response) => void response.write('half');
    const scene = await start();
    await client.send(head('GET').repeat(3));
    await waitFor('three requests', () => (upstream.seen.length === 3 ? true : undefined));
    client.socket.destroy();
    await scene.broker.idle();
    const ends = scene.records.flatMap((record) => ('ending' in record ? [record.ending] : []));
    expect(ends).toEqual(['sandbox-aborted', 'sandbox-aborted', 'sandbox-aborted']);
    await allClosed(scene);
  });
});
