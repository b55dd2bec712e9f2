import type { Task } from '../domain/task.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { LoadedPolicy, Policies } from '../policy/policies.ts';
import { findRules, purposeOf } from '../policy/rules-of.ts';
import type { PullRequest } from '../ports/github.ts';

/** The rules of a task as the policy in force has them, and that policy. */
export interface PresentRules {
  readonly ok: true;
  readonly rules: EffectiveTask;
  readonly loaded: LoadedPolicy;
}

/** The rules that hold for a task now, or why there are none: then nothing is let through. */
export async function presentRules(
  { policies }: { readonly policies: Policies },
  { repository, name, subjectKind }: Pick<Task, 'repository' | 'name' | 'subjectKind'>,
  { baseRef }: Pick<PullRequest, 'baseRef'>,
): Promise<PresentRules | { readonly ok: false; readonly reason: string }> {
  const reading = await policies.inForce({ repository, baseRef });
  if (!reading.ok) return { ok: false, reason: 'the policy is not valid' };
  const { loaded } = reading;
  const rules = findRules(loaded.policy, name);
  if (rules === undefined) return { ok: false, reason: `the policy has no task \`${name}\`` };
  // It looks for nothing in a change: its end would pass for that of a review.
  if (subjectKind === 'pull-request' && purposeOf(name, rules) === 'triage')
    return { ok: false, reason: `the task \`${name}\` is one of triage now, which is for issues` };
  return { ok: true, rules, loaded };
}
