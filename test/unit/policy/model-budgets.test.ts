import { describe, expect, it } from 'vitest';
import { modelBudgetsOf } from '../../../src/policy/decide/model-budgets.ts';
import { folded } from './fixture.ts';

describe('modelBudgetsOf', () => {
  it('names every ceiling that counts while a task runs, the task’s own after the policy’s', () => {
    const { policy } = folded({
      repository: `budgets: { perTask: { tokens: 4 }, perPullRequest: { tasks: 1, tokens: 5 }, perRepository: { requests: 7 } }
tasks: { fix: { budgets: { perTask: { tokens: 3 }, perOrganisation: { minutes: 1, costMicroUsd: 9 } } } }`,
    });
    const rules = modelBudgetsOf(policy, 'fix');
    expect(rules.map(({ name, ceiling }) => [name, ceiling])).toEqual([
      ['budget:perTask.tokens', 4],
      ['budget:perPullRequest.tokens', 5],
      ['budget:perRepository.requests', 7],
      ['budget:perOrganisation.costMicroUsd', 200_000_000],
      ['budget:tasks.fix.perTask.tokens', 3],
      ['budget:tasks.fix.perOrganisation.costMicroUsd', 9],
    ]);
    expect(rules.at(-1)).toMatchObject({ scope: 'perOrganisation', isOfTask: true });
    expect(modelBudgetsOf(policy, 'review').every(({ isOfTask }) => !isOfTask)).toBe(true);
  });

  it('takes a ceiling of a task where the policy has none of that kind', () => {
    const { policy } = folded({
      repository: 'tasks: { fix: { budgets: { perRepository: { tokens: 3 } } } }',
    });
    const names = modelBudgetsOf(policy, 'fix').map(({ name }) => name);
    expect(names).toContain('budget:tasks.fix.perRepository.tokens');
  });

  it('knows of no task that the policy does not have', () => {
    const { policy } = folded({});
    expect(modelBudgetsOf(policy, 'nobody').map(({ name }) => name)).toEqual([
      'budget:perOrganisation.costMicroUsd',
    ]);
  });
});
