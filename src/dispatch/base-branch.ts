import type { TaskId } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';
import type { PullRequest } from '../ports/github.ts';
import type { Context } from './context.ts';

/** What a pull request goes into; lists of them do not say at which commit. */
export type BaseBranch = Pick<PullRequest, 'baseRef'> & Partial<Pick<PullRequest, 'baseSha'>>;

const step = 'base-ref';

/** Remembers which branch the pull request went into when a check was made. `key` is the task, or what stands for one. */
export async function keepBase({ store }: Context, key: TaskId, baseRef: string): Promise<void> {
  await store.steps.finish(key, step, baseRef);
}

/** Has a task's check say nothing of any base from now on: something covers it. */
export async function dropBase({ store }: Context, id: TaskId): Promise<void> {
  // No branch has this name.
  await store.steps.finish(id, step, '');
}

/** Was the check made on another branch? Not where nothing was kept of it. */
export async function isOfOtherBase(
  { store }: Context,
  key: TaskId,
  { baseRef }: BaseBranch,
): Promise<boolean> {
  const kept = await store.steps.find(key, step);
  return kept !== undefined && kept !== baseRef;
}

/**
 * Was the task planned on another base? By the name of the branch: its tip moves with each push to it, and takes
 * nothing back. By the commit, where the name was not kept.
 */
export async function isOnOtherBase(
  { store }: Context,
  { id, baseSha }: Pick<Task, 'id' | 'baseSha'>,
  base: BaseBranch,
): Promise<boolean> {
  const kept = await store.steps.find(id, step);
  if (kept !== undefined) return kept !== base.baseRef;
  return base.baseSha !== undefined && base.baseSha !== baseSha;
}
