import type { Task } from '../domain/task.ts';
import { kindOfTask } from '../policy/rules-of.ts';
import type { ApprovalContext } from './context.ts';
import type { PresentRules } from './present-rules.ts';

/**
 * The task as it is planned anew by an approval at gate 1: under the policy in force, which may have been
 * made stricter while the task waited. The policy is kept, since runs and patches go by its digest.
 */
export async function adoptPolicy(
  { keepPlan }: Pick<ApprovalContext, 'keepPlan'>,
  task: Task,
  { rules, loaded, baseRef }: PresentRules & { readonly baseRef: string },
): Promise<Task> {
  if (task.policyDigest === loaded.digest) return task;
  await keepPlan(task, loaded.policy, baseRef);
  return { ...task, kind: kindOfTask(task.name, rules), policyDigest: loaded.digest };
}
