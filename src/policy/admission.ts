import { isAtLeast, type Permission } from '../domain/repository.ts';
import type { Policy } from './schema.ts';

/** A decision with the reason that people are told when it is no. */
export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: string };

const yes: Decision = { allowed: true };

/** May someone with `permission` start a task by command or at gate 1? */
export function mayRun(policy: Policy, permission: Permission): Decision {
  if (isAtLeast(permission, policy.permissions.run)) return yes;
  return refusal('run', policy.permissions.run, permission);
}

/** May this person let the patch of a task through gate 2? */
export function mayApprove(
  policy: Policy,
  permission: Permission,
  who: { readonly isRequester: boolean },
): Decision {
  if (!isAtLeast(permission, policy.permissions.approve)) {
    return refusal('approve', policy.permissions.approve, permission);
  }
  if (who.isRequester && !policy.permissions.requesterMayApprove) {
    return { allowed: false, reason: 'Policy asks for somebody other than who requested the fix.' };
  }
  return yes;
}

/** Must a pull request by this author wait at gate 1 before anything runs? */
export function mustWait(
  policy: Policy,
  pullRequest: { readonly isFork: boolean },
  authorPermission: Permission,
): boolean {
  if (policy.outsiders === 'run') return false;
  return pullRequest.isFork || !isAtLeast(authorPermission, policy.permissions.run);
}

function refusal(what: string, needed: Permission, held: Permission): Decision {
  const standing = held === 'none' ? 'no permission' : `\`${held}\` permission`;
  return {
    allowed: false,
    reason: `To ${what}, \`${needed}\` permission or more on this repository is needed; you have ${standing}.`,
  };
}
