import { once } from 'node:events';
import { duplexPair } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attachedStdio } from '../../../../src/adapters/docker/attached-stdio.ts';
import { StdioFrames } from '../../../../src/adapters/docker/stdio-frames.ts';

function frame(stream: number, payload: string | Buffer): Buffer {
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(Buffer.byteLength(payload), 4);
  return Buffer.concat([header, Buffer.from(payload as string)]);
}

describe('the engine’s frames', () => {
  test('come apart the same, wherever the connection cuts them', () => {
    const bytes = Buffer.concat([frame(1, 'out'), frame(2, 'err'), frame(1, ''), frame(1, 'put')]);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const got = { stdout: '', stderr: '' };
        const frames = new StdioFrames((stream, payload) => {
          got[stream] += payload.toString();
        });
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        for (const [index, start] of places.entries())
          frames.push(bytes.subarray(start, places[index + 1] ?? bytes.length));
        expect(got).toEqual({ stdout: 'output', stderr: 'err' });
      }),
    );
  });

  test.each<[string, Buffer]>([
    ['an unknown stream', frame(3, 'x')],
    ['stdin', frame(0, 'x')],
    ['padding that is not zero', Buffer.from([1, 0, 1, 0, 0, 0, 0, 0])],
    ['4 GiB', Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff])],
  ])('are refused with %s', (_, bytes) => {
    const frames = new StdioFrames(() => undefined);
    expect(() => frames.push(bytes)).toThrow(expect.objectContaining({ code: 'engine.failed' }));
  });
});

describe('an attached container', () => {
  test('gives stdout as the wire and stderr beside it', async () => {
    const [near, far] = duplexPair();
    const { wire, stderr } = attachedStdio(near);
    const written = buffer(far);
    wire.write('to stdin');
    far.write(Buffer.concat([frame(1, 'from stdout'), frame(2, 'from stderr')]));
    far.end();
    expect(await text(wire)).toBe('from stdout');
    wire.end();
    expect((await written).toString()).toBe('to stdin');
    near.destroy();
    expect(await text(stderr)).toBe('from stderr');
  });

  test('goes on when nobody reads its stderr, and says what was dropped', async () => {
    const [near, far] = duplexPair();
    const { wire, stderr } = attachedStdio(near);
    const flood = frame(2, Buffer.alloc(64 * 1024, 'e'));
    for (let sent = 0; sent < 100; sent += 1) far.write(flood);
    far.end(frame(1, 'still here'));
    expect(await text(wire)).toBe('still here');
    near.destroy();
    const kept = await text(stderr);
    expect(kept.length).toBeLessThan(300 * 1024);
    expect(kept).toMatch(/\[\d+ bytes of stderr dropped\]\n$/);
  });

  test('is held up when nobody reads its stdout', async () => {
    const [near, far] = duplexPair();
    const { wire } = attachedStdio(near);
    const flood = frame(1, Buffer.alloc(64 * 1024));
    for (let turn = 0; turn < 500; turn += 1) {
      if (!far.writableNeedDrain) far.write(flood);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(far.writableNeedDrain).toBe(true);
    expect(wire.readableLength).toBeLessThan(512 * 1024);
  });

  test('breaks its wire when the engine loses its place', async () => {
    const [near, far] = duplexPair();
    const { wire } = attachedStdio(near);
    const failed = once(wire, 'error');
    far.write(frame(7, 'x'));
    expect((await failed)[0]).toMatchObject({ code: 'engine.failed' });
  });
});
