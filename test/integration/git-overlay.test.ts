import { describe, expect, it } from 'vitest';
import type { BundleExtras, OverlayFile } from '../../src/ports/source.ts';
import { openPull, repoPath, taskInputFor, unpackBundle } from '../support/pull-snapshot.ts';

const base = [
  { path: 'gone', content: 'was there\n' },
  { path: 'run.sh', content: 'echo was\n', mode: '100755' as const },
];
const head = [
  { path: 'a', content: 'a\n' },
  { path: 'link', content: 'a', mode: '120000' as const },
  { path: 'run.sh', content: 'echo is\n', mode: '100755' as const },
  { path: 'z/last', content: 'last\n' },
];

function written(path: string, text: string): OverlayFile {
  return { path: repoPath(path), bytes: Buffer.from(text) };
}

describe('a bundle with a patch in it', () => {
  it('has the files of the patch in place of those of the head, in the order of paths', async () => {
    await using pull = await openPull(base, head);
    const snapshot = await pull.snapshot();
    const overlay = [
      written('run.sh', 'echo new\n'),
      written('m/new', 'new\n'),
      { path: repoPath('a'), bytes: null },
    ];
    const entries = await unpackBundle(snapshot, { overlay });
    const files = entries.filter(({ name }) => name.startsWith('head/'));
    expect(files.map(({ name, mode, body }) => [name, mode, body])).toEqual([
      ['head/link', 0o777, ''],
      ['head/m/new', 0o644, 'new\n'],
      ['head/run.sh', 0o755, 'echo new\n'],
      ['head/z/last', 0o644, 'last\n'],
    ]);
  });

  it('has a prompt and the merge base too, of which nothing comes from the patch', async () => {
    await using pull = await openPull([...base, { path: 'a', content: 'a\n' }], head);
    const snapshot = await pull.snapshot();
    const overlay = [written('a', 'b\n'), written('m/new', 'new\n')];
    const entries = await unpackBundle(snapshot, { prompt: 'ask\n', base: true, overlay });
    const task = entries.find(({ name }) => name === 'task.json')?.body ?? '';
    expect(JSON.parse(task)).toMatchObject({ hasBase: true, replaced: ['a', 'm/new'] });
    const texts = entries.slice(2).map(({ name, body }) => [name, body]);
    expect(texts).toEqual([
      ['prompt.md', 'ask\n'],
      ['base/a', 'a\n'],
      ['base/gone', 'was there\n'],
      ['base/run.sh', 'echo was\n'],
      ['head/a', 'b\n'],
      ['head/link', ''],
      ['head/m/new', 'new\n'],
      ['head/run.sh', 'echo is\n'],
      ['head/z/last', 'last\n'],
    ]);
  });

  it('has what the pull request has where files steer agents', async () => {
    const steering = { path: 'CLAUDE.md', content: 'of the head\n' };
    await using pull = await openPull(base, [...head, steering]);
    const snapshot = await pull.snapshot({ isSteerable: true });
    const names = async (extras: BundleExtras) =>
      (await unpackBundle(snapshot, extras)).map(({ name }) => name);
    expect(await names({})).not.toContain('head/CLAUDE.md');
    expect(await names({ overlay: [written('a', 'b\n')] })).toContain('head/CLAUDE.md');
  });

  it('has a digest of its own for every patch', async () => {
    await using pull = await openPull(base, head);
    const snapshot = await pull.snapshot();
    const input = taskInputFor(snapshot);
    const digestOf = (...overlay: readonly OverlayFile[]) =>
      snapshot.bundle(input, { overlay }).digest;
    const digests = [
      snapshot.bundle(input).digest,
      digestOf(written('a', 'b\n')),
      digestOf(written('a', 'c\n')),
      digestOf({ path: repoPath('a'), bytes: null }),
      digestOf({ ...written('a', 'b\n'), executable: true }),
    ];
    expect(new Set(digests).size).toBe(digests.length);
    expect(digestOf()).toBe(digests[0]);
    expect(digestOf(written('a', 'b\n'))).toBe(digests[1]);
  });
});

describe('files of the merge base', () => {
  it('are read as they were, also those that the head has no more', async () => {
    await using pull = await openPull(base, head);
    const snapshot = await pull.snapshot();
    const read = async (path: string) => {
      const file = await snapshot.readBase(repoPath(path));
      return file === undefined ? undefined : [Buffer.from(file.bytes).toString(), file.executable];
    };
    expect(await read('gone')).toEqual(['was there\n', false]);
    expect(await read('run.sh')).toEqual(['echo was\n', true]);
    expect(await read('a')).toBeUndefined();
  });

  it('are none where they are links, or larger than an input may be', async () => {
    const odd = [
      { path: 'large', content: 'x'.repeat(2_000) },
      { path: 'link', content: 'large', mode: '120000' as const },
    ];
    await using pull = await openPull(odd, head);
    const snapshot = await pull.snapshot({ inputFileBytes: 1_000 });
    expect(await snapshot.readBase(repoPath('large'))).toBeUndefined();
    expect(await snapshot.readBase(repoPath('link'))).toBeUndefined();
  });
});
