import { expect, test } from 'vitest';
import { digestOf } from '../../../src/domain/ids.ts';
import { ledgerHeadPattern } from '../../../src/report/ledger-head-pattern.ts';
import { nothingAsked } from '../../../src/report/run-facts.ts';
import { assertCheck } from '../../support/fakes/github-rules.ts';
import { planWhole } from '../../support/report/plan-whole.ts';
import {
  sampleFinding,
  sampleOutcome,
  sampleRules,
  sampleTask,
} from '../../support/report/samples.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('the worst that the schema lets through stays within the limits of GitHub', () => {
  const worst = '\u{e0041}`@'.repeat(1_000);
  const rows = Array.from({ length: 300 }, () => ({ path: worst, reason: 'bad-path' as const }));
  const error = { tool: '\u202e'.repeat(64), message: worst.slice(0, 2_000) };
  const big = (mark: string) =>
    bytes(
      Array.from({ length: 9_000 }, (_, at) => `${at % 10 === 0 ? mark : 'same'} ${at}\n`).join(''),
    );
  const { check } = planWhole({
    task: sampleTask(),
    rules: sampleRules(),
    hunks: new Map(),
    facts: nothingAsked,
    ledgerHead: { seq: 12, hash: digestOf('row 12') },
    outcome: sampleOutcome({
      findings: Array.from({ length: 60 }, () =>
        sampleFinding({ message: '\u{e0041}'.repeat(4_000), rule: worst.slice(0, 200) }),
      ),
      omitted: rows,
      refused: rows,
      toolErrors: Array.from({ length: 64 }, () => error),
      tools: Array.from({ length: 64 }, () => ({ name: error.tool, version: '`'.repeat(64) })),
    }),
    gate: {
      status: 'refused',
      reasons: Array.from({ length: 300 }, () => worst),
      mayApprove: 'Nobody.',
    },
    files: new Map([['f', { before: big('old'), after: big('new') }]]),
  });
  assertCheck(check);
  expect(Buffer.byteLength(check.output.summary)).toBeLessThan(65_535);
  expect(Buffer.byteLength(check.output.text ?? '')).toBeLessThan(65_535);
  expect(check.annotations).toHaveLength(60);
  expect(check.output.summary).toMatch(/- … and \d+ more\n/);
  expect(check.output.text).toMatch(
    /```\n\n\*\*\d+ more pieces of the patch are not shown here\.\*\*$/,
  );
  expect(ledgerHeadPattern.test(check.output.summary)).toBe(true);
});

test('annotates the worst findings and says how many it leaves out', () => {
  const findings = Array.from({ length: 700 }, (_, at) =>
    sampleFinding({ severity: at === 699 ? 'error' : 'info' }),
  );
  const { check } = planWhole({
    task: sampleTask(),
    rules: sampleRules(),
    hunks: new Map(),
    facts: nothingAsked,
    ledgerHead: { seq: 12, hash: digestOf('row 12') },
    outcome: sampleOutcome({ findings }),
    gate: { status: 'none', reasons: [], mayApprove: 'Nobody.' },
    files: new Map(),
  });
  expect(check.annotations).toHaveLength(500);
  expect(check.annotations[0]?.level).toBe('failure');
  expect(check.output.summary).toContain(
    '200 least important findings left without an annotation.',
  );
  expect(check.state).toMatchObject({ conclusion: 'failure' });
});
