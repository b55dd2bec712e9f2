import type { Task } from '../domain/task.ts';
import { kindOf } from '../policy/rules-of.ts';
import type { ApprovalContext } from './context.ts';
import type { PresentRules } from './present-rules.ts';

/**
 * The task as it is planned anew by an approval at gate 1: under the policy in force, which may have been
 * made stricter while the task waited. The policy is kept, since runs and patches go by its digest.
 */
export async function adoptPolicy(
  { keepPolicy }: Pick<ApprovalContext, 'keepPolicy'>,
  task: Task,
  { rules, loaded }: PresentRules,
): Promise<Task> {
  if (task.policyDigest === loaded.digest) return task;
  await keepPolicy(loaded.policy);
  return { ...task, kind: kindOf(rules), policyDigest: loaded.digest };
}
