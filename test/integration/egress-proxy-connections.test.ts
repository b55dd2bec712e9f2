import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { allClosed, ProxiedUpstream } from '../support/broker/proxied-upstream.ts';
import { waitFor } from '../support/wait-for.ts';

const upstream = new ProxiedUpstream();

describe('an answer that is cut off does not end like a whole one', () => {
  test.each(['GET', 'POST'])('by the upstream: %s', async (method) => {
    upstream.answer = (_, response) => response.write('half', () => response.destroy());
    await upstream.start();
    await upstream.client.send(
      upstream.head(method, ...(method === 'POST' ? ['Content-Length: 10'] : [])),
    );
    await expect(upstream.client.answer()).rejects.toThrow('cut off');
  });

  test.each(['sandbox', 'control plane'])('by the end of the wire, at the %s', async (side) => {
    upstream.answer = (_, response) => void response.write('half');
    const scene = await upstream.start();
    await upstream.client.send(upstream.head('GET'));
    const answered = upstream.client.answer();
    await once(upstream.client.socket, 'data');
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
    await upstream.start();
    for (let round = 0; round < 50; round += 1) {
      await upstream.client.send(upstream.head('POST', 'Content-Length: 5'));
      await upstream.client.send('hello');
      expect(await upstream.client.answer()).toEqual([200, `<${round + 1}>`]);
    }
    upstream.answer = (incoming, response) => response.end(String(incoming.headers['x-number']));
    await upstream.client.send(
      [1, 2, 3, 4, 5].map((i) => upstream.head('GET', `X-Number: <${i}>`)).join(''),
    );
    for (const i of [1, 2, 3, 4, 5])
      expect(await upstream.client.answer()).toEqual([200, `<${i}>`]);
  });

  test('answers HEAD without a body, and the next request after it', async () => {
    upstream.answer = (_, response) =>
      response.writeHead(200, { 'content-length': 5 }).end('hello');
    await upstream.start();
    await upstream.client.send(upstream.head('HEAD'));
    expect(await upstream.client.answer({ hasBody: false })).toEqual([200, '']);
    await upstream.client.send(upstream.head('GET'));
    expect(await upstream.client.answer()).toEqual([200, 'hello']);
  });

  test('that goes away takes the requests along that wait in it', async () => {
    upstream.answer = (_, response) => void response.write('half');
    const scene = await upstream.start();
    await upstream.client.send(upstream.head('GET').repeat(3));
    await waitFor('three requests', () => (upstream.seen.length === 3 ? true : undefined));
    upstream.client.socket.destroy();
    await scene.broker.idle();
    const ends = scene.records.flatMap((record) => ('ending' in record ? [record.ending] : []));
    expect(ends).toEqual(['sandbox-aborted', 'sandbox-aborted', 'sandbox-aborted']);
    await allClosed(scene);
  });
});
