import { type Task, TaskState } from '../domain/task.ts';
import type { Store } from '../ports/store.ts';
import { planStep } from './plan-step.ts';

/** Has a newer task of this name been planned on the pull request? What this one saw is out of date then. */
export async function isOvertaken(
  { tasks, steps }: Pick<Store, 'tasks' | 'steps'>,
  { repository, pullRequest, name, createdAtMs }: Task,
): Promise<boolean> {
  const { repositoryId } = repository;
  const newestFirst = await tasks.ofPullRequest(repositoryId, pullRequest, TaskState.options);
  const newer = newestFirst.filter((one) => one.name === name && one.createdAtMs > createdAtMs);
  for (const { id } of newer) {
    if ((await steps.find(id, planStep)) !== undefined) return true;
  }
  return false;
}
