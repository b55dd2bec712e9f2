import { Purpose } from '../domain/purpose.ts';
import type { TaskKind } from '../domain/task.ts';
import { SallyportError } from '../errors.ts';
import type { EffectivePolicy, EffectiveTask } from './effective-policy.ts';

/** The rules of one task, by a name that anybody may have said; undefined when the policy has no such task. */
export function findRules({ tasks }: EffectivePolicy, name: string): EffectiveTask | undefined {
  return Object.hasOwn(tasks, name) ? tasks[name] : undefined;
}

/** The rules of one task. @throws SallyportError `policy.invalid` when the policy has none of that name */
export function rulesOf(policy: EffectivePolicy, name: string): EffectiveTask {
  const rules = findRules(policy, name);
  if (rules !== undefined) return rules;
  throw new SallyportError('policy.invalid', `the policy has no task ${name}`);
}

/**
 * The task whose own budgets a task counts in: the operator's that it was added within, so that a name of
 * its own gives nobody a budget once more. @throws SallyportError `policy.invalid` for a task that is not there
 */
export function budgetNameOf(policy: EffectivePolicy, name: string): string {
  const { within } = rulesOf(policy, name);
  // Each stands in a layer above the one before, so there is an end.
  return within === undefined ? name : budgetNameOf(policy, within);
}

/** What a task is to achieve: as the policy says, else as its name does, else as what it may write. */
export function purposeOf(name: string, rules: EffectiveTask): Purpose {
  return rules.purpose ?? Purpose.safeParse(name).data ?? kindOf(rules);
}

/** What a task of this name may do: triage writes no patch, whatever its rules let through. */
export function kindOfTask(name: string, rules: EffectiveTask): TaskKind {
  return purposeOf(name, rules) === 'triage' ? 'review' : kindOf(rules);
}

/** What a task of these rules does: one that may write nothing only says what is wrong. */
export function kindOf({ outputs }: EffectiveTask): TaskKind {
  return outputs.patch === 'none' ? 'review' : 'fix';
}
