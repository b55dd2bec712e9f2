import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createBodyReader } from '../../../src/webhooks/read-body.ts';

/** A request whose body the test writes. */
function makeRequest(headers: Record<string, string> = {}) {
  const stream = new PassThrough();
  return { stream, request: Object.assign(stream, { headers }) as unknown as IncomingMessage };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('reading a body', () => {
  it('gives the bytes as they came', async () => {
    const read = createBodyReader({ maxBytes: 10, maxTotalBytes: 10 });
    const { stream, request } = makeRequest();
    const reading = read(request);
    stream.write(Buffer.from([0xff, 0]));
    stream.end(Buffer.from([1]));
    await expect(reading).resolves.toEqual({ ok: true, bytes: Buffer.from([0xff, 0, 1]) });
  });

  it.each([
    ['announces more than its cap', { 'content-length': '11' }, ''],
    ['sends more than its cap', {}, '12345678901'],
    ['sends more than it announces', { 'content-length': '3' }, '12345678901'],
  ])('refuses one that %s', async (_what, headers, sent) => {
    const read = createBodyReader({ maxBytes: 10, maxTotalBytes: 100 });
    const { stream, request } = makeRequest(headers);
    const reading = read(request);
    stream.write(sent);
    await expect(reading).resolves.toEqual({ ok: false, refusal: 'too-large' });
    // The connection is still there to be answered on.
    expect(stream.destroyed).toBe(false);
  });

  it('gives up what has stalled for the longest when others need the room', async () => {
    const read = createBodyReader({ maxBytes: 10, maxTotalBytes: 25 });
    const stalled = [makeRequest(), makeRequest()];
    const readings = stalled.map(({ request }) => read(request));
    for (const { stream } of stalled) stream.write('1234567890');
    await settle();
    const newer = makeRequest();
    const reading = read(newer.request);
    newer.stream.end('123456');
    await expect(reading).resolves.toMatchObject({ ok: true });
    await expect(readings[0]).resolves.toEqual({ ok: false, refusal: 'aborted' });
    expect(stalled.map(({ stream }) => stream.destroyed)).toEqual([true, false]);
    stalled[1]?.stream.end();
    await expect(readings[1]).resolves.toMatchObject({ ok: true });
  });

  it('refuses one for which there is no room even when it is alone', async () => {
    const read = createBodyReader({ maxBytes: 10, maxTotalBytes: 5 });
    const { stream, request } = makeRequest();
    const reading = read(request);
    stream.write('123456');
    await expect(reading).resolves.toEqual({ ok: false, refusal: 'busy' });
  });

  it('gives up one whose sender is gone, and its room', async () => {
    const read = createBodyReader({ maxBytes: 10, maxTotalBytes: 10 });
    const gone = makeRequest();
    const reading = read(gone.request);
    gone.stream.write('1234567890');
    await settle();
    gone.stream.destroy(new Error('aborted'));
    await expect(reading).resolves.toEqual({ ok: false, refusal: 'aborted' });
    const next = makeRequest();
    const again = read(next.request);
    next.stream.end('1234567890');
    await expect(again).resolves.toMatchObject({ ok: true });
  });
});
