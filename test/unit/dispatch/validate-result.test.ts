import { describe, expect, it } from 'vitest';
import { checkResult } from '../../../src/dispatch/validate-result.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import { ResultManifest } from '../../../src/protocol/result.ts';
import { FakeSource } from '../../support/fakes/fake-source.ts';
import { baseSha, headSha } from '../../support/fakes/world.ts';
import { sampleFinding } from '../../support/report/samples.ts';
import { manifest } from '../../support/wire/hostile-sandbox.ts';

const never = new AbortController().signal;

async function check(
  changes: readonly object[],
  files: Record<string, string> = {},
  findings: readonly object[] = [],
) {
  const source = new FakeSource();
  source.head
    .set('src/a.js', { kind: 'file', text: 'old\n' })
    .set('bin/run', { kind: 'file', text: '#!/bin/sh\n', executable: true })
    .set('link', { kind: 'symlink' })
    .set('vendor/lib', { kind: 'submodule' });
  source.omitted.push({ path: 'big.bin', reason: 'too-large' });
  const location = { mirrorKey: '7', url: 'x', token: null };
  const limits = { inputFileBytes: 1, workspaceBytes: 1 };
  const snapshot = await source.snapshot(location, { headSha, baseSha }, limits, never);
  const report = { ...manifest.report, findings };
  return checkResult(snapshot, {
    manifest: ResultManifest.parse({ ...manifest, report, changes }),
    files: new Map(
      Object.entries(files).map(([path, text]) => [RepoPath.parse(path), Buffer.from(text)]),
    ),
  });
}

function writes(path: string, executable = false) {
  return { kind: 'write', path, executable, bytes: 4 };
}

describe('what a sandbox says it changed', () => {
  it('is compared with the pristine tree, file by file', async () => {
    const changes = [writes('src/a.js'), writes('src/new.js'), writes('bin/run', true)];
    const remove = { kind: 'delete', path: 'bin/run' };
    const files = { 'src/a.js': 'new\n', 'src/new.js': 'hi\n', 'bin/run': 'x' };
    const { files: changed, refused } = await check(changes, files);
    const texts = changed.map(({ path, before, after }) => [path, asText(before), asText(after)]);
    expect(texts).toEqual([
      ['src/a.js', 'old\n', 'new\n'],
      ['src/new.js', null, 'hi\n'],
      ['bin/run', '#!/bin/sh\n', 'x'],
    ]);
    expect(refused).toEqual([]);
    const [gone] = (await check([remove])).files;
    expect(gone).toMatchObject({ path: 'bin/run', after: null });
    expect(asText(gone?.before ?? null)).toBe('#!/bin/sh\n');
  });

  it.each([
    ['the same content', [writes('src/a.js')], { 'src/a.js': 'old\n' }],
    ['a delete of nothing', [{ kind: 'delete', path: 'src/none.js' }], {}],
  ])('is no change when it is %s', async (_what, changes, files) => {
    const result = await check(changes, files);
    expect([result.files, result.refused]).toEqual([[], []]);
  });

  it.each([
    ['a write through a symlink', writes('link/etc/passwd'), 'bad-path'],
    ['a write through a file', writes('src/a.js/b.js'), 'bad-path'],
    ['a write into a submodule', writes('vendor/lib/x.js'), 'bad-path'],
    ['a write over a folder', writes('src'), 'bad-path'],
    ['a write over a submodule', writes('vendor/lib'), 'bad-path'],
    ['a write over a symlink', writes('link'), 'symlink'],
    ['a delete of a symlink', { kind: 'delete', path: 'link' }, 'symlink'],
    ['a delete of a folder', { kind: 'delete', path: 'src' }, 'bad-path'],
    ['a delete through a symlink', { kind: 'delete', path: 'link/x' }, 'bad-path'],
    ['a write of a file that it was not given', writes('big.bin'), 'too-large'],
    ['a delete of a file that it was not given', { kind: 'delete', path: 'big.bin' }, 'too-large'],
    ['a file made executable', writes('src/a.js', true), 'mode'],
    ['an executable made none', writes('bin/run'), 'mode'],
    ['a new executable', writes('src/new.sh', true), 'mode'],
    ['a write without its bytes', writes('src/lost.js'), 'unreadable'],
    ['a write past a backslash', writes('..\\..\\up'), 'backslash-path'],
    ['a write of two lines', writes('src/a\nb.js'), 'control-path'],
    ['a write to a device', writes('src/aux.c'), 'windows-path'],
    ['a write to a stream of a file', writes('src/a.js:x'), 'windows-path'],
    ['a write to .git by another spelling', writes('.g\u00adit/config'), 'git-path'],
    ['a delete past a backslash', { kind: 'delete', path: 'a\\b' }, 'backslash-path'],
    ['its own refusal', { kind: 'refused', path: 'x', reason: 'special-file' }, 'special-file'],
  ])('is refused: %s', async (_what, change, reason) => {
    const files = change.path === 'src/lost.js' ? {} : { [change.path]: 'evil' };
    const result = await check([change, writes('src/a.js')], { ...files, 'src/a.js': 'new\n' });
    const own = result.refused.filter(({ path }) => path === change.path);
    expect(own).toEqual([{ path: change.path, reason }]);
    expect(result.files.map(({ path }) => path)).not.toContain('link');
  });

  it('keeps findings about files that are there, and counts the others', async () => {
    const findings = ['src/a.js', 'src/none.js', 'etc/passwd', 'link'].map((path) =>
      sampleFinding({ path }),
    );
    const result = await check([], {}, findings);
    expect(result.findings.map(({ path }) => path)).toEqual(['src/a.js', 'link']);
    expect(result.strayFindings).toBe(2);
  });

  it('has no findings when there is no report', async () => {
    const source = new FakeSource();
    const location = { mirrorKey: '7', url: 'x', token: null };
    const limits = { inputFileBytes: 1, workspaceBytes: 1 };
    const snapshot = await source.snapshot(location, { headSha, baseSha }, limits, never);
    const silent = ResultManifest.parse({ ...manifest, report: null });
    const result = await checkResult(snapshot, { manifest: silent, files: new Map() });
    expect(result).toEqual({ files: [], refused: [], findings: [], marks: [], strayFindings: 0 });
  });
});

function asText(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString();
}
