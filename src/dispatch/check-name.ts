import type { Policies } from '../policy/policies.ts';

/**
 * What a task's check run is called. `review` has the name that branch protection requires; other tasks have
 * checks of their own names, so that none stands in for it.
 */
export function checkName({ policies }: { readonly policies: Policies }, name: string): string {
  const { check } = policies.operator.policy;
  return name === 'review' ? check.name : `${check.name} ${name}`;
}
