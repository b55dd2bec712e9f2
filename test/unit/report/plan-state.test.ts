import { describe, expect, test } from 'vitest';
import { TaskState } from '../../../src/domain/task.ts';
import {
  planEnded,
  planHeld,
  planQueued,
  planRunning,
  planWaiting,
} from '../../../src/report/plan-state.ts';
import { planUnrun } from '../../../src/report/plan-unrun.ts';
import { assertCheck } from '../../support/fakes/github-rules.ts';
import { samplePolicy, sampleTask } from '../../support/report/samples.ts';

const policy = samplePolicy();

test('a queued task shows as queued and names the commit', () => {
  const view = planQueued(sampleTask({ state: 'queued' }));
  expect(view.state).toEqual({ status: 'queued' });
  expect(view.output.summary).toContain('a'.repeat(40));
});

test.each([
  ['review', 1, 'Review running', false],
  ['fix', 2, 'Fix running', true],
] as const)('a running %s, attempt %i', (...[kind, attempt, title, isAgain]) => {
  const view = planRunning(sampleTask({ kind, attempt }));
  expect(view.state).toEqual({ status: 'in_progress' });
  expect(view.output.title).toBe(title);
  expect(view.output.summary.includes('attempt 2')).toBe(isAgain);
});

test('a held task asks for action with one button, and says who may press it', () => {
  const view = planHeld(sampleTask({ state: 'awaiting-run-approval' }), policy);
  expect(view.state).toEqual({ status: 'completed', conclusion: 'action_required' });
  expect(view.actions.map((action) => action.identifier)).toEqual(['approve-run']);
  expect(view.output.summary).toContain('`write` permission');
  assertCheck(view);
});

test.each([
  [Date.UTC(2026, 0, 2, 6), 'not before 2026-01-02T06:00:00.000Z'],
  [null, 'when there is room'],
])('a waiting task stays open and says until when: %s', (untilMs, words) => {
  const view = planWaiting(sampleTask({ state: 'queued' }), { reason: 'It is quiet.', untilMs });
  expect(view.state).toEqual({ status: 'queued' });
  expect(view.output.summary).toMatch(new RegExp(`^It is quiet\\. .*${words}`));
});

test.each([
  [{ rule: 'tasks.review.triggers.paths' }, ' By `tasks.review.triggers.paths` of the policy.'],
  [{}, ''],
])('a task that was not started says why, whatever stands in it: %j', (rule, by) => {
  const reason = 'It does not start for <b>@octocat</b>.';
  const view = planUnrun({ title: 'Nothing to do', reason, conclusion: 'skipped', ...rule });
  expect(view.state).toEqual({ status: 'completed', conclusion: 'skipped' });
  expect(view.output.summary).not.toMatch(/<b>|@o/);
  expect(view.output.summary.endsWith(`.${by}`)).toBe(true);
  assertCheck(view);
});

describe('planEnded', () => {
  test('shows the reason as code, whatever is in it', () => {
    const reason = 'limit:x @owner `</details>`\n/approve';
    const view = planEnded(sampleTask({ state: 'failed', reason }), policy);
    expect(view.output.summary).toContain('Reason: ``limit:x @owner `</details>` /approve``\n');
  });

  test.each(TaskState.options)('always completes a check in state %s', (state) => {
    const view = planEnded(sampleTask({ state }), policy);
    expect(view.state.status).toBe('completed');
    expect(view.output.summary).not.toContain('Reason');
    assertCheck(view);
  });
});
