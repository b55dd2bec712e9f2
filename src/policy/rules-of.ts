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

/** What a task of these rules does: one that may write nothing only says what is wrong. */
export function kindOf({ outputs }: EffectiveTask): TaskKind {
  return outputs.patch === 'none' ? 'review' : 'fix';
}
