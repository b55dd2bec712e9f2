import { describe, expect, it } from 'vitest';
import { openPull, repoPath, taskInputFor, unpackBundle } from '../support/pull-snapshot.ts';

/** One expected changed file. */
function row(file: string, previousPath: string | null, rest: readonly unknown[]) {
  const [status, kind, addedLines] = rest;
  return { path: file, previousPath, status, kind, addedLines };
}

describe('a snapshot of a pull request', () => {
  it('tells what happened to each file', async () => {
    const long = Array.from({ length: 20 }, (_, line) => `line ${String(line)}\n`).join('');
    await using pull = await openPull(
      [
        { path: 'kept.txt', content: 'same\n' },
        { path: 'edited.txt', content: 'one\ntwo\nthree\n' },
        { path: 'gone.txt', content: 'bye\n' },
        { path: 'old name.txt', content: long },
        { path: 'becomes-link', content: 'text\n' },
        { path: 'becomes-file', content: 'kept.txt', mode: '120000' },
        { path: 'script.sh', content: '#!/bin/sh\n' },
      ],
      [
        { path: 'kept.txt', content: 'same\n' },
        { path: 'edited.txt', content: 'one\nTWO\nthree\nfour' },
        { path: 'new name.txt', content: `${long}end\n` },
        { path: 'becomes-link', content: 'kept.txt', mode: '120000' },
        { path: 'becomes-file', content: 'now\ntext\n' },
        { path: 'script.sh', content: '#!/bin/sh\n', mode: '100755' },
        { path: 'image.png', content: Buffer.from([0x89, 0, 1, 2]) },
        { path: 'empty', content: '' },
      ],
      1_700_000_123,
    );
    const { headSha, baseSha } = pull;
    const snapshot = await pull.snapshot();
    expect(snapshot).toMatchObject({
      headSha,
      baseSha,
      mergeBaseSha: baseSha,
      headTime: 1_700_000_123,
    });
    expect(snapshot.files).toEqual([
      'becomes-file',
      'edited.txt',
      'empty',
      'image.png',
      'kept.txt',
      'new name.txt',
      'script.sh',
    ]);
    expect(snapshot.changedFiles).toEqual([
      row('becomes-file', null, ['type-changed', 'text', [[1, 2]]]),
      row('becomes-link', null, ['type-changed', 'symlink', []]),
      row('edited.txt', null, [
        'modified',
        'text',
        [
          [2, 2],
          [4, 4],
        ],
      ]),
      row('empty', null, ['added', 'text', []]),
      row('gone.txt', null, ['deleted', 'text', []]),
      row('image.png', null, ['added', 'binary', []]),
      row('new name.txt', 'old name.txt', ['renamed', 'text', [[21, 21]]]),
      row('script.sh', null, ['modified', 'text', []]),
    ]);
  });

  it('reads regular files of the head and tells what else stands at a path', async () => {
    await using pull = await openPull(
      [],
      [
        { path: 'a/b/run.sh', content: 'echo\n', mode: '100755' },
        { path: 'a/link', content: '/etc/passwd', mode: '120000' },
        { path: 'module', content: '1'.repeat(40), mode: '160000' },
      ],
    );
    const snapshot = await pull.snapshot();
    expect(await snapshot.readHead(repoPath('a/b/run.sh'))).toEqual({
      bytes: Buffer.from('echo\n'),
      executable: true,
    });
    expect(await snapshot.readHead(repoPath('a/link'))).toBeUndefined();
    expect(await snapshot.readHead(repoPath('a/b'))).toBeUndefined();
    expect(await snapshot.readHead(repoPath('absent'))).toBeUndefined();
    const places = ['a', 'a/b', 'a/b/run.sh', 'a/link', 'module', 'absent', 'module/x'];
    expect(places.map((place) => snapshot.kindInHead(repoPath(place)))).toEqual([
      'folder',
      'folder',
      'file',
      'symlink',
      'submodule',
      undefined,
      undefined,
    ]);
    expect(snapshot.omitted).toEqual([{ path: 'module', reason: 'submodule' }]);
  });

  it('bundles the task, the diff and the head tree, links as data', async () => {
    const deep = `${'long-folder-name/'.repeat(12)}file.txt`;
    await using pull = await openPull(
      [],
      [
        { path: deep, content: 'deep\n' },
        { path: 'b.txt', content: 'b\n' },
        { path: 'b/c.txt', content: 'c\n', mode: '100755' },
        { path: 'outside', content: '../../../etc/passwd', mode: '120000' },
      ],
    );
    const snapshot = await pull.snapshot();
    const entries = await unpackBundle(snapshot);
    expect(entries.map(({ name, type, mode, linkname }) => [name, type, mode, linkname])).toEqual([
      ['task.json', 'file', 0o644, null],
      ['diff.patch', 'file', 0o644, null],
      ['head/b.txt', 'file', 0o644, null],
      ['head/b/c.txt', 'file', 0o755, null],
      [`head/${deep}`, 'file', 0o644, null],
      ['head/outside', 'symlink', 0o777, '../../../etc/passwd'],
    ]);
    expect(JSON.parse(entries[0]?.body ?? '')).toEqual(taskInputFor(snapshot));
    expect(entries[1]?.body).toBe(Buffer.from(snapshot.diff).toString());
    expect(entries[2]?.body).toBe('b\n');
  });
});
