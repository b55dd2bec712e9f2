import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { writeTogether } from '../../../src/protocol/write-together.ts';

const chunksOf = (...texts: string[]) => texts.map((text) => ({ chunk: Buffer.from(text) }));

/** A sink that notes which chunks arrive in one call. */
function sinkOf(roomBytes: number, fault: Error | null = null) {
  const calls: string[][] = [];
  const stream = new Writable({
    highWaterMark: roomBytes,
    write: (chunk: Buffer, _encoding, done) => {
      calls.push([String(chunk)]);
      setImmediate(done, fault);
    },
    writev: (chunks, done) => {
      calls.push(chunks.map(({ chunk }) => String(chunk)));
      setImmediate(done, fault);
    },
  });
  stream.on('error', () => undefined);
  return { stream, calls };
}

const written = (stream: Writable, ...texts: string[]) =>
  new Promise<Error | null | undefined>((resolve) => {
    writeTogether(stream, chunksOf(...texts), resolve);
  });

describe('writeTogether', () => {
  it('hands chunks over in one call, in order, and says when they are written', async () => {
    const { stream, calls } = sinkOf(100);
    await expect(written(stream, 'head', 'content', 'head')).resolves.toBeFalsy();
    expect(calls).toEqual([['head', 'content', 'head']]);
  });

  it('tells of a fault once', async () => {
    const fault = new Error('broken');
    await expect(written(sinkOf(100, fault).stream, 'head', 'content')).resolves.toBe(fault);
  });

  it.each([
    { room: 100, hasRoom: true },
    { room: 5, hasRoom: false },
  ])('says whether there is room for more: $hasRoom', ({ room, hasRoom }) => {
    expect(writeTogether(sinkOf(room).stream, chunksOf('head', 'content'))).toBe(hasRoom);
  });
});
