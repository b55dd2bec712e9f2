import type { EffectivePolicy, EffectiveTask } from '../effective-policy.ts';
import type { EgressPolicy } from '../egress-policy.ts';

/** What one task may reach: the operator's rules and routes that every layer left it. */
export function egressOf({ egress }: EffectivePolicy, task: EffectiveTask): EgressPolicy {
  const isLeft = ({ id }: { readonly id: string }): boolean => task.egress.use.includes(id);
  return {
    rules: egress.rules.filter(isLeft),
    modelRoutes: egress.modelRoutes.filter(isLeft),
    allowAddresses: egress.allowAddresses,
    refuseAddresses: egress.refuseAddresses,
    limits: task.egress.limits,
  };
}
