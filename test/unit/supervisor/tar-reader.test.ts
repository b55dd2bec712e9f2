import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { type Header, pack } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import type { TarHeader } from '../../../workers/supervisor/tar-header.ts';
import { TarReader } from '../../../workers/supervisor/tar-reader.ts';

type Entry = readonly [header: Partial<Header> & { name: string }, content?: string];

function archiveOf(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const [header, content = ''] of entries) archive.entry(header, content);
  archive.finalize();
  return buffer(archive as AsyncIterable<Buffer> as never);
}

/** What is read of an archive that comes in these pieces. */
function read(pieces: readonly Buffer[]): (readonly [TarHeader, string])[] {
  const found: (readonly [TarHeader, string])[] = [];
  const reader = new TarReader((header) => {
    const content: Buffer[] = [];
    return {
      write: (piece) => void content.push(Buffer.from(piece)),
      end: () => void found.push([header, Buffer.concat(content).toString('utf8')]),
      abandon: () => undefined,
    };
  });
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return found;
}

function piecesOf(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let rest = bytes;
  for (const length of lengths) {
    pieces.push(rest.subarray(0, length));
    rest = rest.subarray(length);
  }
  return [...pieces, rest];
}

const long = `${'folder/'.repeat(40)}${'n'.repeat(120)}`;
const entries: readonly Entry[] = [
  [{ name: 'empty' }],
  [{ name: 'block' }, 'x'.repeat(512)],
  [{ name: 'more' }, 'y'.repeat(513)],
  [{ name: 'run', mode: 0o755 }, '#!/bin/sh\n'],
  [{ name: 'folder/', type: 'directory' }],
  [{ name: 'link', type: 'symlink', linkname: '../elsewhere' }],
  [{ name: `${'p/'.repeat(60)}prefixed` }, 'in two fields'],
  [{ name: long }, 'a name for a pax header'],
  [{ name: 'ünï-文-😀', mode: 0o644 }, 'not ASCII'],
  [{ name: 'far', type: 'symlink', linkname: 't/'.repeat(200) }],
  [{ name: 'new\nline=\t' }, 'a name with what pax headers are made of'],
];

describe('a tar', () => {
  test('is read as it was written', async () => {
    const found = read([await archiveOf(entries)]);
    expect(found.map(([{ name }, content]) => [name, content])).toEqual(
      entries.map(([{ name }, content = '']) => [name, content]),
    );
    const named = (name: string) => found.find(([header]) => header.name === name)?.[0];
    expect(named('run')).toMatchObject({ type: 'file', mode: 0o755 });
    expect(named('folder/')?.type).toBe('directory');
    expect(named('link')).toMatchObject({ type: 'symlink', linkname: '../elsewhere' });
    expect(named('far')?.linkname).toBe('t/'.repeat(200));
  });

  test('is the same in whatever pieces it comes', async () => {
    const archive = await archiveOf(entries);
    const whole = read([archive]);
    const lengths = fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 40 });
    fc.assert(
      fc.property(lengths, (some) => {
        expect(read(piecesOf(archive, some))).toEqual(whole);
      }),
    );
    expect(read(Array.from(archive, (byte) => Buffer.of(byte)))).toEqual(whole);
  });

  test('that ends anywhere before its end is refused', async () => {
    const archive = await archiveOf(entries);
    const ends = [0, 100, 512, 600, 1_024, archive.length - 1_024];
    for (const end of ends)
      expect(() => read([archive.subarray(0, end)]), `${end}`).toThrow('ended before its end');
  });

  test.each<[string, (archive: Buffer) => void]>([
    ['a byte of a header that was changed', (archive) => archive.fill('z', 0, 1)],
    ['another format', (archive) => archive.fill('gnutar', 257, 263)],
    ['a checksum of nothing', (archive) => archive.fill(0, 148, 156)],
    ['bytes that are no header', (archive) => archive.fill('junk', 0, 512)],
  ])('with %s is refused', async (_, change) => {
    const archive = await archiveOf(entries);
    change(archive);
    expect(() => read([archive])).toThrow(/not of a tar|not octal/);
  });

  test('with a pax header that says no length is refused, and not read for ever', async () => {
    const archive = await archiveOf([[{ name: long }, 'x']]);
    archive.fill('0 path=', 512, 519);
    expect(() => read([archive])).toThrow('pax header');
  });

  test('lets go of the entry under way, once', async () => {
    const archive = await archiveOf([[{ name: 'more' }, 'y'.repeat(513)]]);
    let abandoned = 0;
    const reader = new TarReader(() => ({
      write: () => undefined,
      end: () => undefined,
      abandon: () => {
        abandoned += 1;
      },
    }));
    reader.push(archive.subarray(0, 600));
    reader.abandon();
    reader.abandon();
    expect(abandoned).toBe(1);
  });
});
