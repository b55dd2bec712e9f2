import { describe, expect, it } from 'vitest';
import { goneFindings } from '../../../src/dispatch/gone-findings.ts';
import type { KnownFinding } from '../../../src/dispatch/known-findings.ts';
import { headSnapshot } from '../../../src/doctor/head-snapshot.ts';
import { marksOf } from '../../../src/domain/fingerprint.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import { PriorFinding } from '../../../src/protocol/task-input.ts';
import { prior } from '../prompt/prompt-scene.ts';

const before = ['one', 'two();', 'three();', 'four'];

function known(said: Partial<PriorFinding> = {}): KnownFinding {
  const range = { startLine: 2, endLine: 3 };
  const finding = PriorFinding.parse({ ...prior(), range, ...said });
  return { prior: finding, marks: marksOf(finding, before) };
}

const text = (lines: readonly string[]) => ({ 'src/a.ts': `${lines.join('\n')}\n` });

describe('goneFindings', () => {
  it.each<[string, readonly string[], boolean]>([
    ['the same text', before, false],
    ['text that moved', ['new', 'new', ...before], false],
    ['text that was indented', ['one', '  two();', '\tthree();', 'four'], false],
    ['text with an empty line in it', ['one', 'two();', '', 'three();'], false],
    ['text that was changed', ['one', 'two(1);', 'three();', 'four'], true],
    ['text that was taken out', ['one', 'four'], true],
  ])('tells of %s', async (_what, lines, isGone) => {
    const gone = await goneFindings(headSnapshot(text(lines)), [known()]);
    expect(gone).toEqual(isGone ? ['abcdef012345'] : []);
  });

  it('follows a file to its new name', async () => {
    const snapshot = headSnapshot({ 'src/b.ts': `${before.join('\n')}\n` });
    const renamed = (from: string) => {
      const previousPath = RepoPath.parse(from);
      const status = 'renamed' as const;
      return snapshot.changedFiles.map((file) => ({ ...file, previousPath, status }));
    };
    for (const changedFiles of [
      renamed('src/a.ts'),
      renamed('src/first.ts'),
      snapshot.changedFiles,
    ])
      expect(await goneFindings({ ...snapshot, changedFiles }, [known()])).toEqual([]);
  });

  it('knows of no other file that it could be', async () => {
    const snapshot = headSnapshot({ 'src/b.ts': 'other\n', 'src/c.png': before.join('\n') });
    const changedFiles = snapshot.changedFiles.map((file) =>
      file.path.endsWith('.png') ? { ...file, kind: 'binary' as const } : file,
    );
    const findings = [known(), known({ id: 'f1', range: undefined })];
    const gone = await goneFindings({ ...snapshot, changedFiles }, findings);
    expect(gone).toEqual(['abcdef012345', 'f1']);
  });

  it('takes what it cannot look for to be there', async () => {
    const columns = { range: { startLine: 2, endLine: 2, startColumn: 1, endColumn: 3 } };
    const wholeFile = { range: undefined };
    const snapshot = headSnapshot(text(['other']));
    expect(await goneFindings(snapshot, [known(columns), known(wholeFile)])).toEqual([]);
  });

  it('takes what would take too long to be there', async () => {
    const long = headSnapshot(text(Array.from({ length: 60_000 }, (_, at) => `${at}`)));
    expect(await goneFindings(long, [known()])).toEqual([]);
  });

  it('counts what it looks at, and not the places alone', async () => {
    const blank = headSnapshot(text(Array.from({ length: 10_000 }, () => ' '.repeat(15))));
    const range = { startLine: 1, endLine: 5_000 };
    expect(await goneFindings(blank, [known({ range })])).toEqual([]);
    expect(await goneFindings(blank, [known()])).toEqual(['abcdef012345']);
  });

  it('ends with the run', async () => {
    const long = headSnapshot(text(Array.from({ length: 5_000 }, (_, at) => `${at}`)));
    const isOver = new Error('cancelled');
    await expect(goneFindings(long, [known()], AbortSignal.abort(isOver))).rejects.toBe(isOver);
  });
});
