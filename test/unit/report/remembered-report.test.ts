import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/domain/ids.ts';
import { nothingInline, type PublishPlan } from '../../../src/report/inline/publish-plan.ts';
import { planReport, reviewMarker } from '../../../src/report/plan-report.ts';
import { nothingAsked } from '../../../src/report/run-facts.ts';
import {
  sampleFinding,
  sampleOutcome,
  sampleRules,
  sampleTask,
} from '../../support/report/samples.ts';

const ledgerHead = { seq: 12, hash: digestOf('row 12') };
const noGate = { status: 'none', reasons: [], mayApprove: 'Nobody.' } as const;

describe('a review of what was looked at before', () => {
  const findings = [sampleFinding(), sampleFinding({ severity: 'warning' })];
  const outcome = sampleOutcome({ findings });
  const shown = (inline: Partial<PublishPlan>, waived?: ReadonlySet<number>) =>
    planReport({
      task: sampleTask(),
      rules: sampleRules(),
      outcome,
      files: new Map(),
      inline: { ...nothingInline, ...inline },
      ...(waived === undefined ? {} : { waived }),
      gate: noGate,
      facts: nothingAsked,
      ledgerHead,
    });

  test('says what became of the findings', () => {
    const { verdict } = shown({ since: { fresh: 1, persisting: 2, fixed: 3 } });
    expect(verdict).toBe(
      '**1 error, 1 warning.** Since the last time: 1 new, 2 as before, 3 fixed.',
    );
  });

  test('annotates nothing that people dismissed, and counts it until it is waived', () => {
    const hidden = shown({ dismissed: [0], hidden: [0] });
    expect(hidden.check.annotations).toMatchObject([{ level: 'warning' }]);
    expect(hidden.check.state).toMatchObject({ conclusion: 'failure' });
    expect(hidden.verdict).toContain(' 1 dismissed finding not said again, and still counted:');
    const waived = shown({ dismissed: [0], hidden: [0] }, new Set([0]));
    expect(waived.check.annotations).toMatchObject([{ level: 'warning' }]);
    expect(waived.check.state).toMatchObject({ conclusion: 'success' });
    expect(waived.check.output.title).toBe('1 warning');
    expect(waived.verdict).toBe('**1 warning.** 1 finding waived.');
  });

  test('what is waived after it was annotated stays annotated: a check run takes none back', () => {
    const { check } = shown({}, new Set([0]));
    expect(check.annotations).toHaveLength(2);
    expect(check.state).toMatchObject({ conclusion: 'success' });
  });

  test('counts suggestions, remarks and comments on files', () => {
    const comment = { id: 'a'.repeat(12), path: 'f', line: 1, body: 'b' };
    const file = { id: 'b'.repeat(12), path: 'f', body: 'b' };
    const all = shown({ comments: [comment, comment], suggestions: 1, fileComments: [file] });
    expect(all.verdict).toContain(
      ' 1 suggested change inline, 1 remark inline, 1 comment on files.',
    );
    expect(all.reviewBody).toBe(`1 suggested change, 1 remark.\n\n${reviewMarker(sampleTask())}`);
    expect(shown({ comments: [comment] }).reviewBody).toContain('1 remark.');
    expect(shown({ comments: [comment] }).verdict).toContain(' 1 remark inline.');
  });
});
