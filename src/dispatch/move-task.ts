import type { Task, TaskState } from '../domain/task.ts';
import type { TaskPatch } from '../ports/store.ts';
import type { Context } from './context.ts';

/** A move of a task that a runner makes. */
export interface Move {
  readonly from: TaskState;
  readonly to: TaskState;
  readonly patch: TaskPatch;
  /** What its row of the ledger says besides. */
  readonly told?: Readonly<Record<string, string | null>>;
}

/** Moves the task, and the ledger says so; undefined when it was not in `from` any more. */
export async function moveTask(
  context: Context,
  task: Task,
  { from, to, patch, told = {} }: Move,
): Promise<Task | undefined> {
  return context.store.tasks.transition(task.id, [from], to, patch, (moved) => {
    const { attempt, runnerId, inputDigest, imageDigest, outcomeDigest, patchDigest } = moved;
    const data = { attempt, runnerId, inputDigest, imageDigest, outcomeDigest, patchDigest };
    return { type: `task.${to}`, taskId: task.id, data: { ...data, ...told } };
  });
}
