import type { Task, TaskState } from '../domain/task.ts';
import type { SallyportError } from '../errors.ts';
import { type Context, enqueueRun } from './context.ts';
import { endTask } from './end-task.ts';

/** A task is run at most this often; a second death is the task's own doing. */
const maxAttempts = 2;

/** States in which a runner holds a task. */
export const heldStates: readonly TaskState[] = ['preparing', 'running', 'collecting'];

/** Gives a task that lost its runner, or met a passing fault, its next attempt; or ends it. */
export async function retryOrFail(context: Context, task: Task, reason: string): Promise<void> {
  if (task.attempt >= maxAttempts) {
    await endTask(context, task, { state: 'failed', reason, from: heldStates });
    return;
  }
  const queued = await requeue(context, task, { attempt: task.attempt + 1, reason });
  if (queued !== undefined) await enqueueRun(context, queued);
}

/**
 * The same for a fault that is known. One that says when to come again is no attempt: the task is given back.
 * @throws `fault` then, which puts the job of this attempt back for that long
 */
export async function retryOrPutBack(
  context: Context,
  task: Task,
  fault: SallyportError,
): Promise<void> {
  const { code: reason, retryAfterMs } = fault;
  if (retryAfterMs === null) return retryOrFail(context, task, reason);
  await requeue(context, task, { attempt: task.attempt, reason });
  throw fault;
}

function requeue(
  { store }: Context,
  { id: taskId }: Task,
  data: { readonly attempt: number; readonly reason: string },
): Promise<Task | undefined> {
  const patch = { attempt: data.attempt, runnerId: null, checkConcluded: false };
  const tell = () => ({ type: 'task.requeued', taskId, data });
  return store.tasks.transition(taskId, heldStates, 'queued', patch, tell);
}
