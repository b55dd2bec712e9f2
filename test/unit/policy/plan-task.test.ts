import { describe, expect, it } from 'vitest';
import {
  type PullRequestOccasion,
  planCommand,
  planPullRequest,
  type TaskPlan,
} from '../../../src/policy/decide/plan-task.ts';
import { folded, person } from './fixture.ts';

const amounts = { tasks: 0, minutes: 0, tokens: 0, costMicroUsd: 0, requests: 0 };
const none = { perPullRequest: amounts, perRepository: amounts, perOrganisation: amounts };
const noon = Date.parse('2026-03-04T12:00:00Z');
const writer = person({ permission: 'write' });
const stranger = person({ permission: 'read' });
const use = { used: none, usedByTask: () => none, nowMs: noon };

function occasion(more: Partial<PullRequestOccasion> = {}): PullRequestOccasion {
  return {
    pullRequest: {
      event: 'opened',
      baseBranch: 'main',
      paths: ['src/a.ts'],
      labels: [],
      isDraft: false,
      atMs: noon,
    },
    isFork: false,
    author: writer,
    pusher: writer,
    ...use,
    ...more,
  };
}

function review(repository: string, more: Partial<PullRequestOccasion> = {}): TaskPlan {
  const plans = planPullRequest(folded({ repository }).policy, occasion(more));
  return plans.find(({ task }) => task === 'review') as TaskPlan;
}

/** Stage, outcome and rule of each step. */
function steps({ steps: taken }: TaskPlan): readonly string[] {
  return taken.map(({ stage, outcome, rule }) => `${stage}: ${outcome} (${rule})`);
}

describe('the plan of a pull request', () => {
  it('runs a review by somebody who may, and writes no patch of it', () => {
    const plan = review('');
    expect(plan.outcome).toBe('runs');
    expect(steps(plan)).toEqual([
      'start: go (tasks.review.triggers.events)',
      'gate 1: go (tasks.review.run)',
      'budgets: go (budgets)',
      'gate 2: stop (tasks.review.outputs.patch)',
    ]);
  });

  it.each([
    ['a fork', { isFork: true }, '', 'waits', 'gate 1: wait (tasks.review.forks)'],
    ['a stranger', { author: stranger }, '', 'waits', 'gate 1: wait (tasks.review.run)'],
    [
      'a refused fork',
      { isFork: true },
      'forks: refuse',
      'refused',
      'gate 1: stop (tasks.review.forks)',
    ],
  ] as const)('lets %s not run', (_what, more, repository, outcome, step) => {
    const plan = review(repository, more);
    expect(plan.outcome).toBe(outcome);
    expect(steps(plan)).toContain(step);
  });

  it('asks a refused one nothing more', () => {
    expect(review('forks: refuse', { isFork: true }).steps).toHaveLength(2);
  });

  it('says that anybody’s runs where the operator lets them', () => {
    const { policy } = folded({ operator: (text) => text.replace('forks: wait', 'forks: run') });
    const [plan] = planPullRequest(policy, occasion({ author: stranger }));
    expect(steps(plan as TaskPlan)).toContain('gate 1: go (tasks.review.forks)');
  });

  it('asks a task that does not start nothing more', () => {
    const { pullRequest } = occasion();
    const plan = review('', { pullRequest: { ...pullRequest, isDraft: true } });
    expect([plan.outcome, ...steps(plan)]).toEqual([
      'stays',
      'start: stop (tasks.review.triggers.drafts)',
    ]);
  });

  it('waits in quiet hours, and says until when', () => {
    const quiet = 'quietHours: [{ days: [wed], from: "11:00", to: "13:00", timeZone: UTC }]';
    const plan = review(quiet);
    expect(plan.outcome).toBe('waits');
    expect(plan.steps[0]?.untilMs).toBe(Date.parse('2026-03-04T13:00:00Z'));
  });

  it('waits for a budget that is used, and names it', () => {
    const repository = 'budgets: { perRepository: { tasks: 3 } }';
    const used = { ...none, perRepository: { ...amounts, tasks: 3 } };
    const plan = review(repository, { used });
    expect(plan.outcome).toBe('waits');
    expect(steps(plan)).toContain('budgets: wait (budgets.perRepository.tasks)');
  });

  it('waits for a task’s own budget', () => {
    const repository = 'tasks: { review: { budgets: { perRepository: { tasks: 0 } } } }';
    expect(steps(review(repository))).toContain(
      'budgets: wait (tasks.review.budgets.perRepository.tasks)',
    );
  });
});

describe('the plan of a command', () => {
  const { policy } = folded({ repository: 'approvals: { count: 2 }' });

  it('runs for who may, and lets the patch wait', () => {
    const plan = planCommand(policy, 'fix', { sender: writer, ...use });
    expect(plan.outcome).toBe('runs');
    expect(steps(plan)).toEqual([
      'start: go (tasks.fix.triggers.command)',
      'who: go (tasks.fix.run)',
      'budgets: go (budgets)',
      'gate 2: wait (tasks.fix.approvals)',
    ]);
    expect(plan.steps.at(-1)?.reason).toBe('A patch waits for 2 who may approve it.');
  });

  it('is refused to who may not, with the reason', () => {
    const plan = planCommand(policy, 'fix', { sender: stranger, ...use });
    expect([plan.outcome, plan.steps.length]).toEqual(['refused', 2]);
    expect(plan.steps[1]?.reason).toContain('`write` permission or more');
  });

  it.each(['deploy', 'toString', '__proto__'])('stays for %s, which is no task', (name) => {
    const plan = planCommand(policy, name, { sender: writer, ...use });
    expect([plan.outcome, ...steps(plan)]).toEqual(['stays', 'start: stop (tasks)']);
  });

  it('stays for a task that is switched off', () => {
    const off = folded({ repository: 'tasks: { fix: { enabled: false } }' }).policy;
    const plan = planCommand(off, 'fix', { sender: writer, ...use });
    expect([plan.outcome, ...steps(plan)]).toEqual(['stays', 'start: stop (tasks.fix.enabled)']);
  });
});
