import { describe, expect, it } from 'vitest';
import { admitByBudget, type Used } from '../../../src/policy/decide/budgets.ts';
import { hasRoom, mayFollow } from '../../../src/policy/decide/pace.ts';
import { folded } from './fixture.ts';

const none = { tasks: 0, minutes: 0, tokens: 0, costMicroUsd: 0, requests: 0 };
const unused: Used = { perPullRequest: none, perRepository: none, perOrganisation: none };
const nowMs = Date.parse('2026-03-04T12:00:00Z');

describe('admitByBudget', () => {
  it.each([
    ['', {}, 'go'],
    ['budgets: { perPullRequest: { tasks: 2 } }', { perPullRequest: { ...none, tasks: 1 } }, 'go'],
    [
      'budgets: { perPullRequest: { tasks: 2 } }',
      { perPullRequest: { ...none, tasks: 2 } },
      'budgets.perPullRequest.tasks',
    ],
    ['budgets: { perPullRequest: { tasks: 0 } }', {}, 'budgets.perPullRequest.tasks'],
    ['budgets: { perRepository: { tokens: 5 } }', { perRepository: { ...none, tokens: 4 } }, 'go'],
    [
      'budgets: { perRepository: { tokens: 5 } }',
      { perRepository: { ...none, tokens: 5 } },
      'budgets.perRepository.tokens',
    ],
    [
      'budgets: { perRepository: { minutes: 5 } }',
      { perRepository: { ...none, minutes: 9 } },
      'budgets.perRepository.minutes',
    ],
    [
      'budgets: { perRepository: { minutes: 5 } }',
      { perRepository: { ...none, minutes: Number.NaN } },
      'budgets.perRepository.minutes',
    ],
    [
      '',
      { perOrganisation: { ...none, costMicroUsd: 200_000_000 } },
      'budgets.perOrganisation.costMicroUsd',
    ],
    [
      'budgets: { perPullRequest: { requests: 3 } }',
      { perPullRequest: { ...none, requests: 3 } },
      'budgets.perPullRequest.requests',
    ],
    ['', { perOrganisation: null }, 'budgets.perOrganisation.tasks'],
    ['', { perPullRequest: null, perRepository: null }, 'go'],
  ] as readonly (readonly [string, Partial<Used>, string])[])(
    '%j with %j: %s',
    (repository, used, expected) => {
      const { policy } = folded({ repository });
      const facts = { used: { ...unused, ...used }, usedByTask: unused, nowMs };
      const admission = admitByBudget(policy, 'fix', facts);
      expect(admission.outcome === 'go' ? 'go' : admission.budget).toBe(expected);
    },
  );

  it('says which budget is used, and when the next day begins', () => {
    const { policy } = folded({ repository: 'budgets: { perPullRequest: { tasks: 2 } }' });
    const used = { ...unused, perPullRequest: { ...none, tasks: 2 } };
    expect(admitByBudget(policy, 'fix', { used, usedByTask: unused, nowMs })).toEqual({
      outcome: 'wait',
      budget: 'budgets.perPullRequest.tasks',
      reason: 'The budget of this pull request for today (UTC) is used: 2 of 2 tasks.',
      untilMs: Date.parse('2026-03-05T00:00:00Z'),
    });
    const unread = { ...unused, perPullRequest: null };
    expect(admitByBudget(policy, 'fix', { used: unread, usedByTask: unused, nowMs })).toMatchObject(
      {
        reason: 'What this pull request used today could not be read, and its tasks have a budget.',
      },
    );
  });

  it('counts a task’s own budget by itself', () => {
    const { policy } = folded({
      repository: 'tasks: { fix: { budgets: { perRepository: { tasks: 1 } } } }',
    });
    const usedByTask = { ...unused, perRepository: { ...none, tasks: 1 } };
    const facts = { used: usedByTask, usedByTask, nowMs };
    expect(admitByBudget(policy, 'fix', facts)).toMatchObject({
      budget: 'tasks.fix.budgets.perRepository.tasks',
    });
    expect(admitByBudget(policy, 'review', facts)).toEqual({ outcome: 'go' });
    expect(admitByBudget(policy, 'constructor', facts)).toEqual({ outcome: 'go' });
  });
});

describe('pace', () => {
  const { policy } = folded({});

  it.each([
    [3, 19, true],
    [4, 0, false],
    [0, 20, false],
    [Number.NaN, 0, false],
    [0, Number.NaN, false],
  ])(
    '%s running in the repository and %s in the organisation: %s',
    (inRepository, inOrganisation, allowed) => {
      expect(hasRoom(policy, { inRepository, inOrganisation }).allowed).toBe(allowed);
    },
  );

  it.each([
    [2, 0, true],
    [3, 0, false],
    [0, 1, false],
    [Number.NaN, 0, false],
  ])('round %s at depth %s: %s', (round, depth, allowed) => {
    expect(mayFollow(policy, { round, depth }).allowed).toBe(allowed);
  });
});
