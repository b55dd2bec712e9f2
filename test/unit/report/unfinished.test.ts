import { expect, test } from 'vitest';
import { digestOf } from '../../../src/domain/ids.ts';
import type { GateView } from '../../../src/report/gate-view.ts';
import { nothingAsked } from '../../../src/report/run-facts.ts';
import { planWhole } from '../../support/report/plan-whole.ts';
import { sampleOutcome, sampleRules, sampleTask } from '../../support/report/samples.ts';

const changes = [{ path: 'src/a.py', before: digestOf('x'), after: digestOf('y') }];

/** What the check of a fix says whose agent was stopped with these changes made. */
function outputOf(status: GateView['status'], changed: readonly object[]) {
  return planWhole({
    task: sampleTask({ kind: 'fix' }),
    rules: sampleRules(),
    outcome: sampleOutcome({
      changes: changed as never,
      ending: { limit: 'limit:wall-clock' },
    }),
    files: new Map(),
    hunks: new Map(),
    gate: { status, reasons: [], mayApprove: 'Nobody.' },
    facts: nothingAsked,
    ledgerHead: { seq: 1, hash: digestOf('x') },
  }).check.output;
}

test.each([
  ['waiting', 'Unfinished patch waits for approval'],
  ['applied', 'Unfinished patch applied'],
  ['rejected', 'Unfinished patch rejected'],
  ['refused', 'Unfinished patch not let through'],
] as const)('a patch of an agent that was stopped says so first: %s', (status, title) => {
  const output = outputOf(status, changes);
  expect(output.title).toBe(title);
  const [first] = output.summary.split('\n');
  expect(first).toContain('was not done when it reached `limit:wall-clock`: what it changed may');
});

test('nothing is said of a patch that there is none of', () => {
  const output = outputOf('none', []);
  expect(output.title).toBe('No fix proposed');
  expect(output.summary).not.toContain('half an edit');
});
