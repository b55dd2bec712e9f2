import type { EffectivePolicy } from '../policy/effective-policy.ts';
import { isTriage } from './issue-commands.ts';

/** Tasks of the policy that start by themselves on some event: pull requests have, or wait for, their checks. */
export function automaticNames(policy: EffectivePolicy): readonly string[] {
  return Object.entries(policy.tasks)
    .filter(([name, task]) => task.enabled && !isTriage(name, task))
    .filter(([, { triggers }]) => triggers.events.length > 0)
    .map(([name]) => name);
}
