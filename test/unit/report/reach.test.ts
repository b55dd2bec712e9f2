import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/domain/ids.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';
import { patchText } from '../../../src/report/patch-section.ts';
import type { FileSides } from '../../../src/report/patch-text.ts';
import { reachOf } from '../../../src/report/reach.ts';
import { nothingAsked } from '../../../src/report/run-facts.ts';
import { planWhole } from '../../support/report/plan-whole.ts';
import {
  sampleFinding,
  sampleOutcome,
  sampleRules,
  sampleTask,
} from '../../support/report/samples.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const lines = (mark: string, count: number) =>
  bytes(Array.from({ length: count }, (_, at) => `${mark}${at}\n`).join(''));

function reportOn(files: ReadonlyMap<string, FileSides>, findings = [sampleFinding()]) {
  const hunk = { oldStart: 1, oldLines: 9_000, newStart: 1, newLines: 9_000 };
  return planWhole({
    task: sampleTask(),
    rules: sampleRules(),
    hunks: new Map([...files.keys()].map((path) => [path, [hunk]])),
    facts: nothingAsked,
    ledgerHead: { seq: 12, hash: digestOf('row 12') },
    outcome: sampleOutcome({ findings }),
    gate: { status: 'none', reasons: [], mayApprove: 'Nobody.' },
    files,
  });
}

describe('what one report may cost', () => {
  it('shares the differences that are looked for among the files', () => {
    const files = (count: number) =>
      new Map(Array.from({ length: count }, (_, at) => [`f${at}`, { before: null, after: null }]));
    expect(reachOf(files(1)).maxEdits).toBe(2_000);
    expect(reachOf(files(500)).maxEdits ** 2 * 500).toBeLessThanOrEqual(8_000_000);
  });

  it('looks into files up to a size in all, and names the others', () => {
    const before = Buffer.alloc(5 * 1024 * 1024, 10);
    const file = { before, after: bytes('x\n') };
    const text = patchText(
      new Map([
        ['b', file],
        ['a', file],
        ['c\n', file],
      ]),
    );
    expect(text).not.toContain('--- a/a\n+++ b/a\n(too long');
    expect(text).toContain('more pieces of the patch are not shown');
    expect(
      reachOf(
        new Map([
          ['b', file],
          ['a', file],
        ]),
      ).far.map(([path]) => path),
    ).toEqual(['b']);
    expect(
      reportOn(
        new Map([
          ['b', file],
          ['a', file],
        ]),
      ).leftoverCount,
    ).toBeGreaterThan(0);
  });

  // Minutes in which no webhook is answered, before there was a bound; it takes about a second now, and the test's time limit is far above.
  it.each([
    [
      '500 files that differ in every line',
      () =>
        new Map(
          Array.from({ length: 500 }, (_, at) => [
            `f${at}`,
            { before: lines('a', 1_500), after: lines('b', 1_500) },
          ]),
        ),
    ],
    [
      'runs of backticks',
      () => new Map([['f', { before: null, after: bytes(`${'`'.repeat(999)}x`.repeat(4_000)) }]]),
    ],
    [
      'thousands of edits under one long message',
      () => {
        const spread = (mark: string) =>
          bytes(
            Array.from({ length: 1_400 }, (_, at) => (at % 2 ? 'same\n' : `${mark}${at}\n`)).join(
              '',
            ),
          );
        return new Map(
          Array.from({ length: 8 }, (_, at) => [
            `src/f${at}`,
            { before: spread('a'), after: spread('b') },
          ]),
        );
      },
    ],
  ] as const)(
    'plans %s in seconds',
    (_what, make) => {
      const files: ReadonlyMap<string, FileSides> = make();
      const findings = [...files.keys()].map((path) =>
        sampleFinding({
          path: RepoPath.parse(path),
          message: '@'.repeat(8_000),
          range: { startLine: 1, endLine: 9_000 },
        }),
      );
      const report = reportOn(files, findings);
      expect(report.check.state).toMatchObject({ status: 'completed' });
    },
    60_000,
  );
});

it('plans a file with a hundred thousand edits', () => {
  const numbered = (every: number) =>
    bytes(Array.from({ length: 280_000 }, (_, at) => (at % every === 0 ? `${at}\n` : '')).join(''));
  const report = reportOn(new Map([['f', { before: numbered(1), after: numbered(2) }]]));
  expect(report.suggestionCount).toBeGreaterThan(0);
  expect(report.leftoverCount).toBeGreaterThan(0);
});
