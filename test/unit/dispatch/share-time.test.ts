import { describe, expect, it } from 'vitest';
import { agentShareMs, stageShareMs, trialsOf } from '../../../src/dispatch/share-time.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { World } from '../../support/fakes/world.ts';

const commands = [{ name: 'test', run: ['make', 'test'] }];
const judge = { agent: 'codex', image: 'image', model: null, instructions: '' };

function runOf(kind: 'review' | 'fix', part: object = {}, isTried = true) {
  const task = new World().policy.policy.tasks['fix'] as EffectiveTask;
  const verify = { commands: isTried ? commands : [], required: false };
  const limits = { ...task.limits, wallClockMs: 6_000 };
  return { task: { kind }, rules: { ...task, verify, limits }, ...part } as const;
}

describe('the time of a task', () => {
  it.each([
    ['all the agent’s where nothing follows', runOf('fix', {}, false), 6_000],
    ['all the agent’s where there is no patch to try', runOf('review'), 6_000],
    ['shared with who judges', runOf('review', { judge }), 4_500],
    ['shared with the commands', runOf('fix'), 4_500],
    ['shared with both', runOf('fix', { judge }), 3_600],
    ['shared with the proofs of tests', runOf('fix', { purpose: 'tests' }), 3_000],
    ['of no proofs without commands', runOf('fix', { purpose: 'tests' }, false), 6_000],
  ])('is %s', (_what, run, ms) => {
    expect(agentShareMs(run)).toBe(ms);
  });

  it('is shared by the stages that are still to come', () => {
    expect(trialsOf(runOf('fix', { purpose: 'tests' }))).toBe(3);
    expect([3, 2, 1, 0].map((followers) => stageShareMs(1_000, followers))).toEqual([
      250, 333, 500, 1_000,
    ]);
  });
});
