import { expect, test } from 'vitest';
import { digestOf } from '../../../src/domain/ids.ts';
import { nothingAsked } from '../../../src/report/run-facts.ts';
import { summaryOf } from '../../../src/report/summary.ts';
import { sampleOutcome, sampleRules, sampleTask } from '../../support/report/samples.ts';

test('a check says what the agent was given of files that steer agents', () => {
  const replaced = [
    { path: 'CLAUDE.md', what: 'base' as const },
    { path: 'a\n### Receipt', what: 'absent' as const },
    { path: 'package.json', what: 'head' as const },
  ];
  const summary = summaryOf({
    task: sampleTask(),
    rules: sampleRules(),
    outcome: sampleOutcome({ replaced }),
    gate: { status: 'none', reasons: [], mayApprove: 'Nobody.' },
    facts: nothingAsked,
    ledgerHead: { seq: 1, hash: digestOf('row') },
    verdict: 'Done.',
  });
  expect(summary).toContain('### Files that steer agents\n');
  expect(summary).toContain('- `CLAUDE.md`: the agent had what the base branch has\n');
  expect(summary).toContain('- `a ### Receipt`: the agent did not have it\n');
  expect(summary).toContain(
    '- `package.json`: imported by one of them, and the agent had it as this pull request has it\n',
  );
});
