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
  const queued = await context.store.tasks.transition(task.id, heldStates, 'queued', {
    attempt: task.attempt + 1,
    runnerId: null,
    checkConcluded: false,
  });
  if (queued === undefined) return;
  await context.ledger.append({
    type: 'task.requeued',
    taskId: task.id,
    data: { attempt: queued.attempt, reason },
  });
  await enqueueRun(context, queued);
}
