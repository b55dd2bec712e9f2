import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Header, pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { taskIdFor } from '../../../src/domain/ids.ts';
import type { Places } from '../../../workers/supervisor/places.ts';
import { unpack } from '../../../workers/supervisor/unpack.ts';
import { probeTask } from '../../support/sandbox/probe-task.ts';
import { smallLimits } from '../../support/sandbox/small-limits.ts';

let root: string;
let places: Places;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unpack-'));
  places = { workspace: join(root, 'w'), task: join(root, 't'), out: join(root, 'o') };
  mkdirSync(places.workspace);
  mkdirSync(places.task);
});
afterEach(() => rmSync(root, { recursive: true }));

const task = probeTask(taskIdFor('unpack', 'review'), '', {
  limits: smallLimits,
  agentMs: 1_000,
});
type Entry = readonly [header: Partial<Header> & { name: string }, content?: string];

async function archiveOf(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const [header, content = ''] of [
    [{ name: 'task.json' }, JSON.stringify(task)],
    ...entries,
  ] as Entry[])
    archive.entry(header, content);
  archive.finalize();
  return buffer(archive as AsyncIterable<Buffer> as never);
}

describe('an input bundle', () => {
  test('becomes the task and the workspace, with a record of both', async () => {
    const bundle = await archiveOf([
      [{ name: 'diff.patch' }, 'diff'],
      [{ name: 'head/', type: 'directory' }],
      [{ name: 'head/a/b.txt' }, 'text'],
      [{ name: 'head/run', mode: 0o755 }, 'x'],
      [{ name: 'head/link', type: 'symlink', linkname: '/etc/passwd' }],
      [{ name: 'head/empty' }],
    ]);
    const { input, given } = await unpack(Readable.from([bundle]), places);
    expect(input).toEqual(task);
    expect(readFileSync(join(places.workspace, 'a/b.txt'), 'utf8')).toBe('text');
    expect(readFileSync(join(places.task, 'diff.patch'), 'utf8')).toBe('diff');
    expect(lstatSync(join(places.workspace, 'run')).mode & 0o777).toBe(0o755);
    expect(given.get('link')).toEqual({ kind: 'symlink', target: '/etc/passwd' });
    expect(given.get('a/b.txt')).toMatchObject({ kind: 'file', bytes: 4, executable: false });
    expect([...given.keys()]).toEqual(['a/b.txt', 'run', 'link', 'empty']);
  });

  test.each<[string, Entry[]]>([
    ['a path out of the tree', [[{ name: 'head/../../x' }, 'x']]],
    ['an absolute path', [[{ name: '/head/x' }, 'x']]],
    ['a path of git itself', [[{ name: 'head/.git/config' }, 'x']]],
    ['a name beside the tree', [[{ name: 'other.txt' }, 'x']]],
    [
      'a link in the place of a task file',
      [[{ name: 'diff.patch', type: 'symlink', linkname: '/x' }]],
    ],
    ['a second task', [[{ name: 'task.json' }, '{}']]],
    ['a hard link', [[{ name: 'head/x', type: 'link', linkname: '/etc/passwd' }]]],
    ['a pipe', [[{ name: 'head/x', type: 'fifo' }]]],
    ['a device', [[{ name: 'head/x', type: 'block-device', devmajor: 8, devminor: 0 }]]],
    [
      'a file twice',
      [
        [{ name: 'head/x' }, 'x'],
        [{ name: 'head/x' }, 'y'],
      ],
    ],
    [
      'a file over a link',
      [[{ name: 'head/x', type: 'symlink', linkname: '../t/y' }], [{ name: 'head/x' }, 'y']],
    ],
    [
      'a path through a link',
      [[{ name: 'head/x', type: 'symlink', linkname: '../t' }], [{ name: 'head/x/y' }, 'y']],
    ],
    [
      'a folder through a link',
      [
        [{ name: 'head/x', type: 'symlink', linkname: '../t' }],
        [{ name: 'head/x', type: 'directory' }],
      ],
    ],
    [
      'a path through a file',
      [
        [{ name: 'head/x' }, 'x'],
        [{ name: 'head/x/y' }, 'y'],
      ],
    ],
  ])('is refused with %s', async (_, entries) => {
    const bundle = await archiveOf(entries);
    await expect(unpack(Readable.from([bundle]), places)).rejects.toThrow(
      /no place|EEXIST|the input has|ENOTDIR/,
    );
    expect(readdirSync(root).sort()).toEqual(['t', 'w']);
    expect(readdirSync(places.task)).not.toContain('y');
  });

  test.each([
    ['within a file', 700],
    ['before its end', 1536],
  ])('is refused when it ends %s', async (_, bytes) => {
    const bundle = await archiveOf([[{ name: 'head/x' }, 'x'.repeat(2_000)]]);
    await expect(unpack(Readable.from([bundle.subarray(0, bytes)]), places)).rejects.toThrow(
      /ended|Unexpected|Premature/i,
    );
  });

  test('is refused when its task is of another shape', async () => {
    const archive = pack();
    archive.entry({ name: 'task.json' }, JSON.stringify({ ...task, token: 'x' }));
    archive.finalize();
    const bundle = Readable.from(archive as AsyncIterable<Buffer>, { objectMode: false });
    await expect(unpack(bundle, places)).rejects.toThrow('token');
  });
});
