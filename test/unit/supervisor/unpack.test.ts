import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Header, pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { taskIdFor } from '../../../src/domain/ids.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import type { TaskInput } from '../../../src/protocol/task-input.ts';
import type { Places } from '../../../workers/supervisor/places.ts';
import { unpack } from '../../../workers/supervisor/unpack.ts';
import { probeTask } from '../../support/sandbox/probe-task.ts';
import { smallLimits } from '../../support/sandbox/small-limits.ts';

let root: string;
let places: Places;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unpack-'));
  places = {
    workspace: join(root, 'w'),
    task: join(root, 't'),
    base: join(root, 'b'),
    out: join(root, 'o'),
  };
  mkdirSync(places.workspace);
  mkdirSync(places.task);
  mkdirSync(places.base);
});
afterEach(() => rmSync(root, { recursive: true }));

/** Whose files are whose is for a sandbox to show; here it is written down. */
let asAgent: boolean[];
const at = () => {
  asAgent = [];
  return {
    places,
    agent: {
      take: () => void asAgent.push(true),
      giveBack: () => void asAgent.push(false),
    },
  };
};

const task = probeTask(taskIdFor('unpack', 'review'), '', {
  limits: smallLimits,
  agentMs: 1_000,
});
type Entry = readonly [header: Partial<Header> & { name: string }, content?: string];

function changed(path: string): TaskInput['changedFiles'][number] {
  const file = { previousPath: null, status: 'modified', kind: 'text', addedLines: [] } as const;
  return { path: RepoPath.parse(path), ...file, addedLines: [] };
}

async function archiveOf(entries: readonly Entry[], input: TaskInput = task): Promise<Buffer> {
  const archive = pack();
  for (const [header, content = ''] of [
    [{ name: 'task.json' }, JSON.stringify(input)],
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
    const { input, given } = await unpack(Readable.from([bundle]), at());
    expect(input).toEqual(task);
    expect(readFileSync(join(places.workspace, 'a/b.txt'), 'utf8')).toBe('text');
    expect(readFileSync(join(places.task, 'diff.patch'), 'utf8')).toBe('diff');
    expect(lstatSync(join(places.workspace, 'run')).mode & 0o777).toBe(0o755);
    expect(given.get('link')).toEqual({ kind: 'symlink', target: '/etc/passwd' });
    expect(given.get('a/b.txt')).toMatchObject({ kind: 'file', bytes: 4, executable: false });
    expect([...given.keys()]).toEqual(['a/b.txt', 'run', 'link', 'empty']);
  });

  test('becomes the agent where the tree begins, and root again at its end', async () => {
    const bundle = await archiveOf([
      [{ name: 'prompt.md' }, 'do this'],
      [{ name: 'base/a' }, 'was'],
      [{ name: 'head/a' }, 'is'],
      [{ name: 'head/b' }, 'is'],
    ]);
    await unpack(Readable.from([bundle]), at());
    expect(asAgent).toEqual([true, false]);
    expect(readFileSync(join(places.task, 'prompt.md'), 'utf8')).toBe('do this');
  });

  test('becomes root again when it is broken', async () => {
    const bundle = await archiveOf([[{ name: 'head/a' }, 'is'], [{ name: 'head/a' }]]);
    await expect(unpack(Readable.from([bundle]), at())).rejects.toThrow('EEXIST');
    expect(asAgent).toEqual([true, false]);
  });

  test('has what only the base has, which nobody may write to', async () => {
    const bundle = await archiveOf([
      [{ name: 'diff.patch' }, 'diff'],
      [{ name: 'base/deleted/file' }, 'gone'],
      [{ name: 'base/run', mode: 0o755 }, 'x'],
      [{ name: 'base/link', type: 'symlink', linkname: 'run' }],
      [{ name: 'head/kept' }, 'kept'],
    ]);
    await unpack(Readable.from([bundle]), at());
    expect(readdirSync(places.base).sort()).toEqual(['deleted', 'link', 'run']);
    expect(readFileSync(join(places.base, 'deleted/file'), 'utf8')).toBe('gone');
    expect(lstatSync(join(places.base, 'run')).mode & 0o777).toBe(0o555);
    expect(lstatSync(join(places.task, 'diff.patch')).mode & 0o777).toBe(0o444);
  });

  test('gets the rest of its base from the head where the task says that there is one', async () => {
    const changedFiles = [changed('changed'), changed('added'), changed('new-name')];
    const replaced = [RepoPath.parse('CLAUDE.md')];
    const whole = { ...task, changedFiles, replaced, hasBase: true };
    const bundle = await archiveOf(
      [
        [{ name: 'diff.patch' }],
        [{ name: 'base/changed' }, 'was'],
        [{ name: 'base/old-name' }, 'was'],
        [{ name: 'base/CLAUDE.md' }, 'of the merge base'],
        [{ name: 'head/CLAUDE.md' }, 'of the base branch'],
        [{ name: 'head/added' }, 'new'],
        [{ name: 'head/changed' }, 'is'],
        [{ name: 'head/new-name' }, 'is'],
        [{ name: 'head/same/run', mode: 0o755 }, 'same'],
        [{ name: 'head/same/link', type: 'symlink', linkname: 'run' }],
      ],
      whole,
    );
    await unpack(Readable.from([bundle]), at());
    const found = new Set(readdirSync(places.base, { recursive: true, encoding: 'utf8' }));
    expect(found).toEqual(
      new Set(['CLAUDE.md', 'changed', 'old-name', 'same', 'same/link', 'same/run']),
    );
    expect(readFileSync(join(places.base, 'changed'), 'utf8')).toBe('was');
    expect(readFileSync(join(places.base, 'CLAUDE.md'), 'utf8')).toBe('of the merge base');
    expect(readFileSync(join(places.base, 'same/link'), 'utf8')).toBe('same');
    expect(lstatSync(join(places.base, 'same/run')).mode & 0o777).toBe(0o555);
  });

  test.each<[string, Entry[]]>([
    ['a task file after the tree', [[{ name: 'head/x' }], [{ name: 'prompt.md' }, 'y']]],
    ['a base after the tree', [[{ name: 'head/x' }], [{ name: 'base/y' }, 'y']]],
    ['a base out of its folder', [[{ name: 'base/../t/y' }, 'y']]],
    [
      'a base through a link',
      [[{ name: 'base/x', type: 'symlink', linkname: '../t' }], [{ name: 'base/x/y' }, 'y']],
    ],
    ['a hard link in the base', [[{ name: 'base/x', type: 'link', linkname: '/etc/passwd' }]]],
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
    await expect(unpack(Readable.from([bundle]), at())).rejects.toThrow(
      /EEXIST|the input has|ENOTDIR/,
    );
    expect(readdirSync(root).sort()).toEqual(['b', 't', 'w']);
    expect(readdirSync(places.task)).not.toContain('y');
  });

  test.each([
    ['within a file', 700],
    ['before its end', 1536],
  ])('is refused when it ends %s', async (_, bytes) => {
    const bundle = await archiveOf([[{ name: 'head/x' }, 'x'.repeat(2_000)]]);
    await expect(unpack(Readable.from([bundle.subarray(0, bytes)]), at())).rejects.toThrow(
      /ended|Unexpected|Premature/i,
    );
  });

  test('is refused when its task is of another shape', async () => {
    const archive = pack();
    archive.entry({ name: 'task.json' }, JSON.stringify({ ...task, token: 'x' }));
    archive.finalize();
    const bundle = Readable.from(archive as AsyncIterable<Buffer>, { objectMode: false });
    await expect(unpack(bundle, at())).rejects.toThrow('token');
  });
});
