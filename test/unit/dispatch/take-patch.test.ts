import { describe, expect, it } from 'vitest';
import { checkResult } from '../../../src/dispatch/validate-result.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import { ResultManifest } from '../../../src/protocol/result.ts';
import { FakeSource } from '../../support/fakes/fake-source.ts';
import { baseSha, headSha } from '../../support/fakes/world.ts';
import { sampleFinding } from '../../support/report/samples.ts';
import { manifest, write } from '../../support/wire/hostile-sandbox.ts';

async function check(part: object, written: Readonly<Record<string, string>> = {}) {
  const source = new FakeSource();
  source.head
    .set('a.js', { kind: 'file', text: 'one\ntwo\nthree\n' })
    .set('run', { kind: 'file', text: '#!/bin/sh\n', executable: true })
    .set('link', { kind: 'symlink' })
    .set('long', { kind: 'file', text: 'x\n'.repeat(300_000) })
    .set('big', { kind: 'file', text: 'big\n' });
  source.omitted.push({ path: 'big', reason: 'too-large' });
  const location = { mirrorKey: '7', url: 'x', token: null };
  const limits = { inputFileBytes: 1, workspaceBytes: 1 };
  const { signal } = new AbortController();
  const snapshot = await source.snapshot(location, { headSha, baseSha }, limits, signal);
  const files = new Map(
    Object.entries(written).map(([path, text]) => [RepoPath.parse(path), Buffer.from(text)]),
  );
  const checked = await checkResult(snapshot, {
    manifest: ResultManifest.parse({ ...manifest, ...part }),
    files,
  });
  const texts = checked.files.map(({ path, after }) => [
    path,
    after === null ? null : Buffer.from(after).toString(),
  ]);
  return { texts: Object.fromEntries(texts) as object, refused: checked.refused, checked };
}

function file(path: string, kind: string, ...hunks: (readonly [number, string, string])[]) {
  return {
    path,
    kind,
    hunks: hunks.map(([startLine, oldText, newText]) => ({ startLine, oldText, newText })),
  };
}

describe('a diff', () => {
  it('is changed files', async () => {
    const patch = [
      file('a.js', 'modified', [1, 'one\n', '1\n'], [3, '', '2.5\n'], [4, '', 'four\n']),
      file('run', 'deleted', [1, '#!/bin/sh\n', '']),
      file('new.js', 'added', [1, '', 'new\n']),
    ];
    const { texts, refused } = await check({ patch });
    expect(refused).toEqual([]);
    expect(texts).toEqual({
      'a.js': '1\ntwo\n2.5\nthree\nfour\n',
      run: null,
      'new.js': 'new\n',
    });
  });

  it('reaches the end of a file of any number of lines', async () => {
    const patch = [file('long', 'modified', [300_000, 'x\n', 'y\n'])];
    const { texts, refused } = await check({ patch });
    expect(refused).toEqual([]);
    expect(texts).toEqual({ long: `${'x\n'.repeat(299_999)}y\n` });
  });

  it('leaves an executable one', async () => {
    const patch = [file('run', 'modified', [2, '', 'exit 1\n'])];
    expect(await check({ patch })).toMatchObject({ texts: { run: '#!/bin/sh\nexit 1\n' } });
  });

  it.each<[string, object]>([
    ['other lines than the file', file('a.js', 'modified', [1, 'ONE\n', '1\n'])],
    ['the lines elsewhere', file('a.js', 'modified', [2, 'one\n', '1\n'])],
    ['a half of a line', file('a.js', 'modified', [1, 'on', '1'])],
    ['lines past the end', file('a.js', 'modified', [3, 'three\nfour\n', ''])],
    ['an insertion past the end', file('a.js', 'modified', [5, '', 'x\n'])],
    ['hunks that overlap', file('a.js', 'modified', [1, 'one\ntwo\n', ''], [2, 'two\n', ''])],
    ['hunks out of order', file('a.js', 'modified', [3, 'three\n', ''], [1, 'one\n', ''])],
    ['a file that is not there', file('none', 'modified', [1, '', 'x\n'])],
    ['a symlink', file('link', 'modified', [1, '', '/etc/passwd'])],
    ['a file that the agent was not given', file('big', 'modified', [1, 'big\n', ''])],
    ['a new file that is there', file('a.js', 'added', [1, '', 'x\n'])],
    ['a new file over a symlink', file('link', 'added', [1, '', 'x\n'])],
    ['a deletion of half of a file', file('a.js', 'deleted', [1, 'one\n', ''])],
    ['a deletion of nothing', file('none', 'deleted')],
  ])('with %s is refused', async (_what, patched) => {
    const { texts, refused } = await check({ patch: [patched] });
    expect(texts).toEqual({});
    expect(refused).toMatchObject([{ reason: 'unfit-patch' }]);
  });

  it('is held to the same paths as any change', async () => {
    const patch = [
      file('src/aux.c', 'added', [1, '', 'x\n']),
      file('link/x', 'added', [1, '', 'x']),
    ];
    const { texts, refused } = await check({ patch });
    expect(texts).toEqual({});
    expect(refused).toEqual([
      { path: 'src/aux.c', reason: 'windows-path' },
      { path: 'link/x', reason: 'bad-path' },
    ]);
  });

  it('gives way to the workspace, and fixes give way to it', async () => {
    const edit = { startLine: 2, startColumn: 1, endLine: 2, newText: 'fixed' };
    const finding = { ...sampleFinding({ path: 'a.js' }), fix: { edits: [edit] } };
    const report = { ...manifest.report, findings: [finding] };
    const patch = [file('a.js', 'modified', [1, 'one\n', '1\n'])];
    const both = await check({ report, patch });
    expect(both.texts).toEqual({ 'a.js': '1\ntwo\nthree\n' });
    expect(both.checked.findings).toEqual([sampleFinding({ path: 'a.js' })]);
    const own = await check({ patch, changes: [write('a.js', 5)] }, { 'a.js': 'mine\n' });
    expect([own.texts, own.refused]).toEqual([{ 'a.js': 'mine\n' }, []]);
  });
});
