import type { EffectivePolicy } from '../policy/effective-policy.ts';

/** Tasks of the policy that start by themselves on some event: pull requests have, or wait for, their checks. */
export function automaticNames(policy: EffectivePolicy): readonly string[] {
  return Object.entries(policy.tasks)
    .filter(([, { enabled, triggers }]) => enabled && triggers.events.length > 0)
    .map(([name]) => name);
}
