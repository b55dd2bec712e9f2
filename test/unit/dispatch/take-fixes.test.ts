import { describe, expect, it } from 'vitest';
import { checkResult } from '../../../src/dispatch/validate-result.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import { ResultManifest } from '../../../src/protocol/result.ts';
import { FakeSource } from '../../support/fakes/fake-source.ts';
import { baseSha, headSha } from '../../support/fakes/world.ts';
import { sampleFinding } from '../../support/report/samples.ts';
import { manifest } from '../../support/wire/hostile-sandbox.ts';

const word =
  '(Its fix was left out: it does not fit the file, overlaps another fix, or is too much to measure.)';

async function check(findings: readonly object[], written: Readonly<Record<string, string>> = {}) {
  const source = new FakeSource();
  source.head
    .set('a.js', { kind: 'file', text: 'let é = 1;\nlet b = 2;\n' })
    .set('bom.js', { kind: 'file', text: '\ufefflet a;\nlet b;\n' })
    .set('run', { kind: 'file', text: '#!/bin/sh\n', executable: true })
    .set('.github/workflows/ci.yml', { kind: 'file', text: 'on: push\n' })
    .set('huge', { kind: 'file', text: 'x\n'.repeat(9 * 1024 * 1024) })
    .set('wide', { kind: 'file', text: 'é'.repeat(1_000_000) })
    .set('link', { kind: 'symlink' })
    .set('big', { kind: 'file', text: 'big\n' });
  source.omitted.push({ path: 'big', reason: 'too-large' });
  const location = { mirrorKey: '7', url: 'x', token: null };
  const limits = { inputFileBytes: 1, workspaceBytes: 1 };
  const never = new AbortController().signal;
  const snapshot = await source.snapshot(location, { headSha, baseSha }, limits, never);
  const changes = Object.entries(written).map(([path, text]) => ({
    kind: 'write',
    path,
    executable: false,
    bytes: Buffer.byteLength(text),
  }));
  const checked = await checkResult(snapshot, {
    manifest: ResultManifest.parse({
      ...manifest,
      report: { ...manifest.report, findings },
      changes,
    }),
    files: new Map(
      Object.entries(written).map(([path, text]) => [RepoPath.parse(path), Buffer.from(text)]),
    ),
  });
  const texts = checked.files.map(({ path, after }) => [path, Buffer.from(after ?? []).toString()]);
  return { ...checked, texts: Object.fromEntries(texts) as Record<string, string> };
}

function finding(path: string, edits: readonly object[], fields: object = {}) {
  const { range: _range, ...whole } = sampleFinding({ path, message: 'say' });
  return { ...whole, ...fields, fix: { edits } };
}

function line(startLine: number, startColumn: number, endColumn: number, newText: string) {
  return { startLine, startColumn, endLine: startLine, endColumn, newText };
}

const [constE, constB] = [line(1, 1, 4, 'const'), line(2, 1, 4, 'const')];

describe('the fixes of a report', () => {
  it('are changed files, and are no longer with their findings', async () => {
    const { texts, findings, refused } = await check([
      finding('a.js', [constE]),
      finding('a.js', [constB]),
      finding('run', [line(2, 1, 1, 'exit 1\n')]),
    ]);
    expect(texts).toEqual({
      'a.js': 'const é = 1;\nconst b = 2;\n',
      run: '#!/bin/sh\nexit 1\n',
    });
    expect(refused).toEqual([]);
    expect(findings.map((one) => [one.message, Object.keys(one).includes('fix')])).toEqual(
      Array.from({ length: 3 }, () => ['say', false]),
    );
  });

  it('are taken of the worst findings first where they overlap', async () => {
    const { texts, findings } = await check([
      finding('a.js', [line(2, 1, 4, 'var')], { severity: 'info' }),
      finding('a.js', [constB], { severity: 'error' }),
    ]);
    expect(texts['a.js']).toBe('let é = 1;\nconst b = 2;\n');
    expect(findings.map(({ message }) => message)).toEqual([`say\n\n${word}`, 'say']);
  });

  it('give way to what the agent itself made of a file', async () => {
    const { texts, findings } = await check([finding('a.js', [constB])], { 'a.js': 'mine\n' });
    expect(texts).toEqual({ 'a.js': 'mine\n' });
    expect(findings.map(({ message }) => message)).toEqual(['say']);
  });

  it.each<[string, string, object[], object]>([
    ['outside of the file', 'a.js', [line(9, 1, 1, 'x')], {}],
    ['half outside of the file', 'a.js', [constB, line(9, 1, 1, 'x')], {}],
    ['in a column that nobody knows', 'a.js', [line(1, 6, 6, 'x')], { columnUnit: 'unknown' }],
    ['in a column of no unit', 'a.js', [line(1, 6, 6, 'x')], { columnUnit: 'utf8' }],
    ['behind a byte-order mark', 'bom.js', [line(1, 1, 4, 'const')], {}],
    ['of a symlink', 'link', [line(1, 1, 1, '/etc/passwd')], {}],
    ['of a file that the agent was not given', 'big', [line(1, 1, 4, 'tiny')], {}],
    ['of a file too large to hold', 'huge', [line(1, 1, 2, 'y')], {}],
  ])('are left out %s, and it is said', async (_what, path, edits, fields) => {
    const { texts, findings } = await check([finding(path, edits, fields)]);
    expect(texts).toEqual({});
    expect(findings.map(({ message }) => message)).toEqual([`say\n\n${word}`]);
  });

  // Wherever the cut falls, it would fall into an emoji of one of the two.
  it.each(['', 'x'])('leave room for the word in the longest message, %j', async (first) => {
    const message = `${first}${'😀'.repeat(3_999)}`;
    const { findings } = await check([finding('a.js', [line(9, 1, 1, 'x')], { message })]);
    const shown = findings[0]?.message ?? '';
    expect(shown.length).toBeLessThanOrEqual(8_000);
    expect(shown).toMatch(/^x?(?:😀){3900,} … \(\d+ characters cut\)\n\n\(Its fix/u);
    expect(shown.endsWith(word)).toBe(true);
  });

  it('cannot reach a path that no change may', async () => {
    const { texts } = await check([finding('.github/workflows/ci.yml', [line(1, 1, 3, 'no')])]);
    // As any other change of that file: for gate 2 to refuse, not for this to hide.
    expect(texts).toEqual({ '.github/workflows/ci.yml': 'no: push\n' });
  });

  it('are no change when they change nothing', async () => {
    const { files } = await check([finding('a.js', [line(2, 1, 4, 'let')]), finding('run', [])]);
    expect(files).toEqual([]);
  });
});

describe('what it costs to measure a report', () => {
  const far = { startLine: 1, endLine: 1, startColumn: 1_999_001 };
  const utf8 = { columnUnit: 'utf8' };

  it('has an end: further columns go, and fixes with them', async () => {
    const edits = Array.from({ length: 20 }, () => line(1, 1_999_001, 1_999_003, 'e'));
    const { texts, findings } = await check([
      finding('wide', edits.slice(0, 1), { ...utf8, message: 'first' }),
      finding('wide', edits, { ...utf8, message: 'many' }),
      finding('wide', [line(1, 3, 5, 'e')], { ...utf8, message: 'late' }),
      { ...sampleFinding({ path: 'wide', range: far, message: 'far' }), ...utf8 },
    ]);
    expect(texts['wide']).toBe(`${'é'.repeat(999_500)}e${'é'.repeat(499)}`);
    expect(findings.map(({ message }) => message)).toEqual([
      'first',
      `many\n\n${word}`,
      `late\n\n${word}`,
      'far',
    ]);
    expect(findings[3]?.range).toEqual({ startLine: 1, endLine: 1 });
  });

  it('is nothing for columns that are in UTF-16 units', async () => {
    const edits = Array.from({ length: 100 }, (_, at) =>
      line(1, 900_001 + at * 2, 900_002 + at * 2, 'e'),
    );
    const { texts, findings } = await check([finding('wide', edits)]);
    const changed = 'eé'.repeat(100);
    expect(texts['wide']).toBe(`${'é'.repeat(900_000)}${changed}${'é'.repeat(99_800)}`);
    expect(findings.map(({ message }) => message)).toEqual(['say']);
  });

  it('leaves others their turn between two findings', async () => {
    let turns = 0;
    let isOver = false;
    const count = () => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const without = Array.from({ length: 50 }, () => sampleFinding({ path: 'a.js' }));
    const { findings } = await check([
      ...without,
      ...Array.from({ length: 50 }, () => finding('a.js', [constB])),
    ]);
    isOver = true;
    expect(findings).toHaveLength(100);
    // A turn for each finding, and another for each fix.
    expect(turns).toBeGreaterThanOrEqual(150);
  });
});

describe('the columns of a finding', () => {
  const range = { startLine: 1, endLine: 1, startColumn: 7, endColumn: 8 };

  it.each([
    ['utf8', { ...range, startColumn: 6, endColumn: 7 }],
    ['code-points', range],
    ['unknown', { startLine: 1, endLine: 1 }],
    [undefined, range],
  ])('in %s are those of UTF-16', async (columnUnit, expected) => {
    const reported = { ...sampleFinding({ path: 'a.js', range }), columnUnit };
    const { findings } = await check([reported]);
    expect(findings[0]).toEqual(sampleFinding({ path: 'a.js', range: expected }));
  });

  it('go when the file cannot be measured', async () => {
    const { findings } = await check([
      { ...sampleFinding({ path: 'link', range }), columnUnit: 'utf8' },
    ]);
    expect(findings[0]?.range).toEqual({ startLine: 1, endLine: 1 });
  });
});

it('a finding keeps no related place that is nowhere', async () => {
  const related = ['a.js', 'etc/passwd'].map((path) => ({ path, message: 'see' }));
  const { findings } = await check([sampleFinding({ path: 'a.js', related })]);
  expect(findings[0]?.related).toEqual([{ path: 'a.js', message: 'see' }]);
});
