import type { Task, TaskState } from '../domain/task.ts';
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
  const attempt = task.attempt + 1;
  const patch = { attempt, runnerId: null, checkConcluded: false };
  const tell = () => ({ type: 'task.requeued', taskId: task.id, data: { attempt, reason } });
  const { tasks } = context.store;
  const queued = await tasks.transition(task.id, heldStates, 'queued', patch, tell);
  if (queued !== undefined) await enqueueRun(context, queued);
}
