import type { RepositoryRef } from '../domain/repository.ts';
import type { Task } from '../domain/task.ts';
import type { TaskStore } from '../ports/store.ts';

/**
 * The tasks of the pull request that wait for a decision, patches before runs, each newest first.
 * `target` (a task id, or at least 7 digits of the head SHA) must fit them when given.
 */
export async function waitingTasks(
  tasks: TaskStore,
  place: { readonly repository: RepositoryRef; readonly number: number },
  target: string | null,
): Promise<readonly Task[]> {
  const { repositoryId } = place.repository;
  const patches = await tasks.ofPullRequest(repositoryId, place.number, ['awaiting-approval']);
  const runs = await tasks.ofPullRequest(repositoryId, place.number, ['awaiting-run-approval']);
  return [...patches, ...runs].filter((task) => target === null || isNamedBy(task, target));
}

function isNamedBy(task: Task, target: string): boolean {
  return (
    task.id === target || (target.length >= 7 && task.headSha.startsWith(target.toLowerCase()))
  );
}
