import type { RepositoryRef } from '../domain/repository.ts';
import type { Task } from '../domain/task.ts';
import type { TaskStore } from '../ports/store.ts';

/**
 * The tasks of the pull request that wait for a decision, patches before runs, each newest first.
 */
export async function waitingTasks(
  tasks: TaskStore,
  place: { readonly repository: RepositoryRef; readonly number: number },
): Promise<readonly Task[]> {
  const { repositoryId } = place.repository;
  const patches = await tasks.ofPullRequest(repositoryId, place.number, ['awaiting-approval']);
  const runs = await tasks.ofPullRequest(repositoryId, place.number, ['awaiting-run-approval']);
  return [...patches, ...runs];
}

/** Is the task meant by this id, name or start of the head SHA (7 digits at least)? All are by null. */
export function isMeant(task: Task, target: string | null): boolean {
  if (target === null || task.id === target || task.name === target) return true;
  return target.length >= 7 && task.headSha.startsWith(target.toLowerCase());
}
