import { describe, expect, it } from 'vitest';
import type { PlanStep, TaskPlan } from '../../../../src/policy/decide/plan-task.ts';
import { simulationText } from '../../../../src/report/policy/simulation.ts';
import { folded } from '../../policy/fixture.ts';

const { policy } = folded({});
const step: PlanStep = { stage: 'start', outcome: 'go', rule: 'a.b', reason: 'It starts.' };

function text(...plans: readonly TaskPlan[]): string {
  return simulationText(policy, {
    reason: 'Taken.',
    acts: [{ act: 'act', reason: 'Why.', plans }],
  });
}

function plan(task: string, ...steps: readonly PlanStep[]): TaskPlan {
  return { task, outcome: 'waits', steps };
}

describe('simulationText', () => {
  it('says that nothing was done, and why nothing would be', () => {
    expect(simulationText(policy, { reason: 'Nothing happens.', acts: [] })).toBe(
      'Simulated, nothing was done. Nothing happens.\n',
    );
  });

  it('shows each step with its rule, and who opens the gates that are shut', () => {
    const gate = { ...step, stage: 'gate 1', outcome: 'wait' } as const;
    const second = { ...step, stage: 'gate 2', outcome: 'wait' } as const;
    const lines = text(plan('fix', step, gate, second)).split('\n');
    expect(lines.slice(2)).toEqual([
      'act: Why.',
      '  fix: waits',
      '    start           go on  a.b  It starts.',
      '    gate 1          wait   a.b  It starts.',
      '    gate 2          wait   a.b  It starts.',
      '    may let it run  at least write permission',
      expect.stringMatching(/^ {4}gate 2 asks {5}1 approval by at least write permission; /),
      '',
    ]);
  });

  it.each([
    [{ outcome: 'stop' }, /start {2}stop {2}/],
    [{ stage: 'gate 2', outcome: 'stop' }, /gate 2 {2}shut {2}/],
    [{ untilMs: 0 }, /It starts\. Until 1970-01-01T00:00:00\.000Z\./],
    [{ untilMs: null }, /It starts\. Until when cannot be told\./],
    [{ untilMs: Number.NaN }, /It starts\. Until when cannot be told\./],
  ] as const)('shows %j', (more, line) => {
    expect(text(plan('fix', { ...step, ...more }))).toMatch(line);
  });

  it('has no who of a task that there is not', () => {
    const waits = { ...step, stage: 'gate 1', outcome: 'wait' } as const;
    expect(text(plan('toString', waits))).not.toContain('may let it run');
  });

  it('lets nothing of a payload drive a terminal or start a line', () => {
    const hostile = '\u001b[2J\n::error::\u202e';
    const act = {
      act: hostile,
      reason: hostile,
      plans: [plan(hostile, { ...step, reason: hostile })],
    };
    const out = simulationText(policy, { reason: hostile, acts: [act] });
    expect(out).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
    expect(out).not.toMatch(/^\s*::/m);
  });
});
