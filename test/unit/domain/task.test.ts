import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEnded, liveStates, mayBecome, Task, TaskState } from '../../../src/domain/task.ts';
import { sampleTask } from '../../support/report/samples.ts';

const ended: readonly TaskState[] = ['done', 'failed', 'timed-out', 'cancelled', 'superseded'];
const anyState = fc.constantFrom(...TaskState.options);

describe('the life of a task', () => {
  it('ends in five states, and every other one is alive', () => {
    expect(TaskState.options.filter((state) => isEnded(state))).toEqual(ended);
    expect([...liveStates, ...ended].sort()).toEqual([...TaskState.options].sort());
  });

  it('has no way out of an end', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ended), anyState, (from, to) => {
        expect(mayBecome(from, to)).toBe(false);
      }),
    );
  });

  it('can end from every live state, also by a newer push', () => {
    for (const state of liveStates) {
      expect(reachable(state)).toContain('done');
      expect(mayBecome(state, 'superseded')).toBe(true);
      expect(mayBecome(state, 'cancelled')).toBe(true);
    }
  });

  it.each([
    ['awaiting-run-approval', 'running'],
    ['awaiting-run-approval', 'preparing'],
    ['queued', 'running'],
    ['running', 'publishing'],
    ['collecting', 'done'],
    ['publishing', 'applying'],
    ['awaiting-approval', 'done'],
    ['awaiting-approval', 'queued'],
    ['publishing', 'queued'],
    ['applying', 'queued'],
  ] as const)('has no short cut from %s to %s', (from, to) => {
    expect(mayBecome(from, to)).toBe(false);
  });

  it('writes only after it has waited for an approval', () => {
    const before = TaskState.options.filter((state) => mayBecome(state, 'applying'));
    expect(before).toEqual(['awaiting-approval']);
  });

  it('never stays where it is by a move', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        expect(mayBecome(state, state)).toBe(false);
      }),
    );
  });
});

function reachable(from: TaskState): ReadonlySet<TaskState> {
  const seen = new Set<TaskState>([from]);
  for (const state of seen)
    for (const next of TaskState.options) if (mayBecome(state, next)) seen.add(next);
  return seen;
}

describe('Task', () => {
  it.each([
    ['an unknown field', { token: 'x' }],
    ['an unknown state', { state: 'reviving' }],
    ['pull request 0', { pullRequest: 0 }],
    ['attempt 0', { attempt: 0 }],
    ['a short SHA', { headSha: 'abc1234' }],
    ['instructions without end', { instructions: 'x'.repeat(4_001) }],
    ['a reason without end', { reason: 'x'.repeat(201) }],
    ['a time before 1970', { createdAtMs: -1 }],
  ])('refuses %s', (_what, fields) => {
    expect(Task.safeParse({ ...sampleTask(), ...fields }).success).toBe(false);
  });
});
