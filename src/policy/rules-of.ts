import type { TaskKind } from '../domain/task.ts';
import { SallyportError } from '../errors.ts';
import type { EffectivePolicy, EffectiveTask } from './effective-policy.ts';

/** The rules of one task. @throws SallyportError `policy.invalid` when the policy has none of that name */
export function rulesOf({ tasks }: EffectivePolicy, name: string): EffectiveTask {
  const rules = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (rules !== undefined) return rules;
  throw new SallyportError('policy.invalid', `the policy has no task ${name}`);
}

/** What a task of these rules does: one that may write nothing only says what is wrong. */
export function kindOf({ outputs }: EffectiveTask): TaskKind {
  return outputs.patch === 'none' ? 'review' : 'fix';
}
