import type { Digest } from '../domain/ids.ts';

const prefix = 'policy-';

/**
 * How GitHub names the check of a policy to us again. It has the pull request, since GitHub names none where
 * the head is in a fork.
 */
export function policyCheckId(number: number, whatIsChecked: Digest): string {
  return `${prefix}${number}-${whatIsChecked}`;
}

/** The pull request of the check of a policy, or undefined for any other. */
export function pullRequestOfPolicy(externalId: string): number | undefined {
  const digits = /^policy-([1-9][0-9]{0,8})-sha256:[0-9a-f]{64}$/.exec(externalId)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Is it the check of a policy, also one that an earlier version made? */
export function isOfPolicy(externalId: string): boolean {
  return externalId.startsWith(prefix);
}
