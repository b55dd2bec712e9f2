import { describe, expect, it } from 'vitest';
import { checkResult } from '../../../src/dispatch/validate-result.ts';
import { marksOf } from '../../../src/domain/fingerprint.ts';
import { ResultManifest } from '../../../src/protocol/result.ts';
import { FakeSource } from '../../support/fakes/fake-source.ts';
import { baseSha, headSha } from '../../support/fakes/world.ts';
import { sampleFinding } from '../../support/report/samples.ts';
import { manifest } from '../../support/wire/hostile-sandbox.ts';

const code = ['let a = 1;', 'debugger;', 'let b = 2;', 'debugger;', 'let c = 3;'];

/** What comes of findings in a tree, and how often each file of it was read. */
async function check(findings: readonly object[], end = '\n') {
  const source = new FakeSource();
  source.head
    .set('a.js', { kind: 'file', text: code.join(end) })
    .set('b.js', { kind: 'file', text: ['// more', ...code].join(end) })
    .set('huge', { kind: 'file', text: 'x\n'.repeat(9 * 1024 * 1024) })
    .set('link', { kind: 'symlink' })
    .set('big', { kind: 'file', text: 'big\n' });
  source.omitted.push({ path: 'big', reason: 'too-large' });
  const location = { mirrorKey: '7', url: 'x', token: null };
  const limits = { inputFileBytes: 1, workspaceBytes: 1 };
  const never = new AbortController().signal;
  const real = await source.snapshot(location, { headSha, baseSha }, limits, never);
  const reads: string[] = [];
  const snapshot: typeof real = {
    ...real,
    readHead: (path) => {
      reads.push(path);
      return real.readHead(path);
    },
  };
  const checked = await checkResult(snapshot, {
    manifest: ResultManifest.parse({
      ...manifest,
      report: { ...manifest.report, findings },
      changes: [],
    }),
    files: new Map(),
  });
  return { ...checked, reads };
}

function on(path: string, startLine: number, fields: object = {}) {
  return sampleFinding({ path, range: { startLine, endLine: startLine }, ...fields });
}

describe('the marks of a result', () => {
  it('are those of each finding in the pristine file, each file read once', async () => {
    const findings = [on('a.js', 2), on('b.js', 3), on('none', 1), on('a.js', 4), on('a.js', 1)];
    const { findings: kept, marks, reads } = await check(findings);
    expect(kept.map(({ path }) => path)).toEqual(['a.js', 'b.js', 'a.js', 'a.js']);
    expect(marks).toEqual([
      marksOf(on('a.js', 2), code),
      marksOf(on('b.js', 3), ['// more', ...code]),
      marksOf(on('a.js', 4), code),
      marksOf(on('a.js', 1), code),
    ]);
    expect(reads).toEqual(['a.js', 'b.js']);
  });

  it('need no file for a finding about one as a whole', async () => {
    const whole = sampleFinding({ path: 'a.js', range: undefined });
    const { marks, reads } = await check([whole]);
    expect([marks, reads]).toEqual([[marksOf(whole, undefined)], []]);
  });

  it('are the same for a file with other ends of lines', async () => {
    const findings = [on('a.js', 2), on('a.js', 4)];
    expect((await check(findings, '\r\n')).marks).toEqual((await check(findings)).marks);
  });

  it.each(['link', 'big', 'huge'])(
    'are of the message for %s, which is not read as text',
    async (path) => {
      const finding = on(path, 1, { message: 'line 1 is bad' });
      const { marks } = await check([finding]);
      expect(marks).toEqual([marksOf(finding, undefined)]);
    },
  );

  it('do not depend on what became of a fix', async () => {
    const { range: _range, ...whole } = on('a.js', 1, { message: 'say' });
    const place = { startLine: 2, startColumn: 1, endLine: 2, endColumn: 10 };
    const fixed = (newText: string) => ({ ...whole, fix: { edits: [{ ...place, newText }] } });
    const { findings, marks } = await check([fixed(''), fixed('other')]);
    expect(findings.map(({ message }) => message.startsWith('say\n'))).toEqual([false, true]);
    expect(marks[0]).toEqual(marks[1]);
  });
});
