import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { answerOf } from '../support/broker/broker-scene.ts';
import { allClosed, ProxiedUpstream } from '../support/broker/proxied-upstream.ts';
import { recordsOf } from '../support/broker/upstream.ts';

const upstream = new ProxiedUpstream();

describe('an answer that is whole before its request is', () => {
  const large = 'z'.repeat(300_000);
  test.each([
    ['short', 'early', 'Content-Length: 10', ['hello', 'world']],
    ['large', large, 'Content-Length: 10', ['hello', 'world']],
    ['short, to chunks', 'early', 'Transfer-Encoding: chunked', ['5\r\nhello\r\n', '0\r\n\r\n']],
    ['large, to chunks', large, 'Transfer-Encoding: chunked', ['5\r\nhello\r\n', '0\r\n\r\n']],
  ])('comes to its end, and the connection goes on: %s', async (_, body, length, [first, last]) => {
    upstream.answer = (incoming, response) => void incoming.once('data', () => response.end(body));
    const scene = await upstream.start();
    for (let round = 0; round < 5; round += 1) {
      await upstream.client.send(upstream.head('POST', length));
      await upstream.client.send(first ?? '');
      const [status, received] = await upstream.client.answer();
      expect([status, received === body]).toEqual([200, true]);
      await upstream.client.send(last ?? '');
    }
    expect(new Set(await recordsOf(scene))).toEqual(new Set(['egress.allowed', 'egress.closed']));
    const endings = scene.records.map((record) => ('ending' in record ? record.ending : null));
    expect(new Set(endings)).toEqual(new Set([null, 'complete']));
    await allClosed(scene);
  });

  test.each([204, 304])('comes without a body: %i', async (status) => {
    upstream.answer = (incoming, response) =>
      void incoming.once('data', () => response.writeHead(status).end());
    await upstream.start();
    await upstream.client.send(upstream.head('POST', 'Content-Length: 10'));
    await upstream.client.send('hello');
    expect(await upstream.client.answer({ hasBody: false })).toEqual([status, '']);
    upstream.answer = (_, response) => response.end('next');
    await upstream.client.send('world');
    await upstream.client.send(upstream.head('GET'));
    expect(await upstream.client.answer()).toEqual([200, 'next']);
  });

  test('is there for a client that sends all before it reads', async () => {
    upstream.answer = (incoming, response) => {
      // As servers do that mean their answer to arrive: it is not reset by what still comes.
      incoming.socket.destroySoon = () => void incoming.socket.end();
      incoming.resume();
      response.writeHead(413).end('z'.repeat(900_000));
    };
    await upstream.start();
    upstream.client.socket.pause();
    await upstream.client.send(
      upstream.head('POST', 'Content-Length: 800000', 'Connection: close'),
    );
    await upstream.client.send('a'.repeat(800_000));
    upstream.client.socket.resume();
    const [status, received] = await upstream.client.answer();
    expect([status, received.length]).toEqual([413, 900_000]);
  });

  test('does not close the connection on a client that is still sending', async () => {
    upstream.answer = (incoming, response) =>
      void incoming.resume().once('data', () => response.end('no'));
    await upstream.start();
    await upstream.client.send(
      upstream.head('POST', 'Content-Length: 4000000', 'Connection: close'),
    );
    await upstream.client.send('a');
    expect(await upstream.client.answer()).toEqual([200, 'no']);
    // One segment may still leave on a connection that is closed at the other end; the next may not.
    for (let sent = 0; sent < 30; sent += 1) await upstream.client.send('a'.repeat(100_000));
  });

  test('ends the stream in good order: no reset says that it is not whole', async () => {
    upstream.answer = (incoming, response) =>
      void incoming.once('data', () => response.end('early'));
    const scene = await upstream.start();
    const authority = `upstream.example:${upstream.port}`;
    for (let round = 0; round < 20; round += 1) {
      const pseudo = {
        ':method': 'POST',
        ':scheme': 'http',
        ':authority': authority,
        ':path': '/',
      };
      const stream = scene.session.request(pseudo);
      stream.write('x');
      expect(await answerOf(stream)).toMatchObject({ status: 200, body: 'early', rstCode: 0 });
    }
    await allClosed(scene);
  });

  test('is no reset of the wire, so that any number of them is no flood', async () => {
    upstream.answer = (incoming, response) => void incoming.once('data', () => response.end('x'));
    await upstream.start();
    for (let round = 0; round < 300; round += 1) {
      await upstream.client.send(upstream.head('POST', 'Transfer-Encoding: chunked'));
      await upstream.client.send('5\r\nhello\r\n');
      expect(await upstream.client.answer()).toEqual([200, 'x']);
      await upstream.client.send('0\r\n\r\n');
    }
  });
});

describe('a body', () => {
  test('in two segments is answered to the end, every time', async () => {
    upstream.answer = (incoming, response) => void incoming.pipe(response);
    const scene = await upstream.start();
    for (let round = 0; round < 200; round += 1) {
      await upstream.reconnect();
      await upstream.client.send(upstream.head('POST', 'Content-Length: 5', 'Connection: close'));
      await upstream.client.send('hello');
      expect(await upstream.client.answer()).toEqual([200, 'hello']);
    }
    await allClosed(scene);
  });

  test('goes up while a large answer comes down', async () => {
    upstream.answer = (incoming, response) => void incoming.pipe(response);
    await upstream.start({ networkBytes: 16 * 1024 * 1024, bodyBytes: 8 * 1024 * 1024 });
    const piece = 'ab'.repeat(50_000);
    await upstream.client.send(upstream.head('POST', 'Content-Length: 4000000'));
    for (let sent = 0; sent < 40; sent += 1) await upstream.client.send(piece);
    const [, received] = await upstream.client.answer();
    expect(received === piece.repeat(40)).toBe(true);
  });

  test.each([
    ['above the ceiling', 'POST', 'Content-Length: 3000000', 'body-bytes'],
    ['of a method that has none', 'GET', 'Content-Length: 3000000', 'body-not-allowed'],
  ])('%s is refused with the reason before it is read', async (_, method, length, reason) => {
    upstream.answer = (incoming) => void incoming.resume();
    const scene = await upstream.start();
    await upstream.client.send(upstream.head(method, length));
    void upstream.client.send('a'.repeat(2_000_000));
    expect(await upstream.client.answer()).toEqual([403, expect.stringContaining(reason)]);
    await allClosed(scene);
  });

  test('whose client goes away is given up', async () => {
    upstream.answer = (incoming) =>
      void incoming.once('data', () => upstream.client.socket.destroy());
    const scene = await upstream.start();
    await upstream.client.send(upstream.head('POST', 'Content-Length: 10'));
    await upstream.client.send('hello');
    await once(upstream.client.socket, 'close');
    await scene.broker.idle();
    expect(scene.records[1]).toMatchObject({ ending: 'sandbox-aborted' });
    await allClosed(scene);
  });

  test('is asked for by 100 where the client waits for that', async () => {
    upstream.answer = (incoming, response) => void incoming.pipe(response);
    await upstream.start();
    await upstream.client.send(upstream.head('POST', 'Content-Length: 5', 'Expect: 100-continue'));
    expect(await upstream.client.answer({ hasBody: false })).toEqual([100, '']);
    await upstream.client.send('hello');
    expect(await upstream.client.answer()).toEqual([200, 'hello']);
  });
});
