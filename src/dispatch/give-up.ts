import type { TaskId } from '../domain/ids.ts';
import { mayBecome, type Task } from '../domain/task.ts';
import { SallyportError } from '../errors.ts';
import { planEnded } from '../report/plan-state.ts';
import { publishState } from '../report/publish.ts';
import type { Context } from './context.ts';
import { endTask } from './end-task.ts';
import { tellOnIssue } from './show-on-issue.ts';

/**
 * Concludes a task that met a fault which no retry can change. One that can still fail fails, and its end is
 * shown like any other. One whose result cannot be shown gets a check that says so: a required check that
 * waited for ever would be worse than one that tells of a fault.
 */
export async function giveUp(
  context: Context,
  taskId: TaskId,
  error: SallyportError,
): Promise<void> {
  context.log.error({ taskId, err: error }, 'a task can not be settled');
  const task = await context.store.tasks.get(taskId);
  if (task === undefined) return;
  const reason = `report:${error.code}`;
  if (mayBecome(task.state, 'failed')) {
    await endTask(context, task, { state: 'failed', reason, from: [task.state] });
    return;
  }
  await tellInCheck(context, { ...task, state: 'failed', reason });
  await context.store.tasks.patch(taskId, { checkConcluded: true });
}

async function tellInCheck(context: Context, task: Task): Promise<void> {
  const publisher = { github: context.github, steps: context.store.steps };
  const view = planEnded(task, context.policies.operator.policy);
  try {
    if (task.subjectKind === 'issue') await tellOnIssue(context, task, view);
    else await publishState(publisher, task, view);
  } catch (error) {
    if (!(error instanceof SallyportError) || error.retryable) throw error;
    context.log.error({ taskId: task.id, err: error }, 'the end of a task can not be shown');
  }
}
