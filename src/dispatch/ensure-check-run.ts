import { isEnded, type Task, TaskState } from '../domain/task.ts';
import { planHeld, planQueued } from '../report/plan-state.ts';
import { checkName } from './check-name.ts';
import type { Context } from './context.ts';
import { isReplaced } from './end-task.ts';
import { rulesOfTask } from './policy-record.ts';

/** Makes the task's check run unless it is there, or the task is for an issue, which has none; a crash between the request and its record is found again. */
export async function ensureCheckRun(context: Context, task: Task): Promise<Task> {
  const current = await context.store.tasks.get(task.id);
  if (current !== undefined && current.checkRunId !== null) return current;
  if (task.subjectKind === 'issue') return current ?? task;
  await makeOlderRuns(context, task);
  const step = await context.store.steps.begin(task.id, 'check-run');
  const checkRunId = await existingOrNew(context, task, step);
  await context.store.steps.finish(task.id, 'check-run', String(checkRunId));
  await context.store.tasks.patch(task.id, { checkRunId });
  await context.ledger.append({ type: 'check.created', taskId: task.id, data: { checkRunId } });
  return (await context.store.tasks.get(task.id)) ?? { ...task, checkRunId };
}

/**
 * GitHub shows the run that was made last: one of a task that this one replaced, and whose process died before it was
 * made, must not come after ours.
 */
async function makeOlderRuns(context: Context, task: Task): Promise<void> {
  const { repository, pullRequest } = task;
  const ended = TaskState.options.filter(isEnded);
  const { tasks } = context.store;
  const all = await tasks.ofPullRequest(repository.repositoryId, pullRequest, ended);
  for (const older of all.filter((one) => one.checkRunId === null && isReplaced(one, task))) {
    await context.turns.take(older.id, () => ensureCheckRun(context, older));
  }
}

async function existingOrNew(
  context: Context,
  task: Task,
  step: Awaited<ReturnType<Context['store']['steps']['begin']>>,
): Promise<number> {
  if (step.status === 'done') return Number(step.reference);
  if (step.status === 'begun') {
    const found = await context.github.checkRuns.find(task.repository, task.headSha, task.id);
    if (found !== undefined) return found;
  }
  const shown =
    task.state === 'awaiting-run-approval'
      ? planHeld(task, await rulesOfTask(context, task))
      : planQueued(task);
  return context.github.checkRuns.create(task.repository, {
    name: checkName(context, task.name),
    headSha: task.headSha,
    externalId: task.id,
    state: { status: 'queued' },
    output: shown.output,
  });
}
