import { TaskId } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';
import type { Context } from './context.ts';

/**
 * The task that a comment is about, chosen once: tried again later, the same comment must not mean one that
 * has come since. `key` names the comment and what it asks for; what `choose` does not find is not kept.
 */
export async function chooseOnce<Other>(
  { store: { tasks, steps } }: Pick<Context, 'store'>,
  key: TaskId,
  choose: () => Promise<Task | Other>,
): Promise<Task | Other | undefined> {
  const step = await steps.begin(key, 'target');
  if (step.status === 'done') return tasks.get(TaskId.parse(step.reference));
  const chosen = await choose();
  if (isTask(chosen)) await steps.finish(key, 'target', chosen.id);
  return chosen;
}

function isTask(chosen: unknown): chosen is Task {
  return typeof chosen === 'object' && chosen !== null && 'headSha' in chosen;
}
