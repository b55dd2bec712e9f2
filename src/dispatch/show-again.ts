import type { DeliveryId } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';
import type { Context } from './context.ts';

/** Has the check run written once more, for `cause`: GitHub has cleared or never seen what it showed. */
export async function showAgain(context: Context, task: Task, cause: DeliveryId): Promise<void> {
  await context.store.tasks.patch(task.id, { checkConcluded: false });
  await context.queues.publish.add(`${task.id}-for-${cause}`, { taskId: task.id });
}
