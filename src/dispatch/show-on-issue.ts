import { readOutcome, readSides } from '../approval/read-outcome.ts';
import type { Task } from '../domain/task.ts';
import { issueText, stateText } from '../report/issue-text.ts';
import { type CheckView, planEnded } from '../report/plan-state.ts';
import type { Published } from '../report/publish.ts';
import { appendOnce } from './append-once.ts';
import type { Context } from './context.ts';
import { rulesOfTask } from './policy-record.ts';
import { gateView } from './read-gate.ts';
import { tellOfTask } from './tell-of-task.ts';

/** Makes the conversation of the issue tell the state that a task of it is in. An issue has no check run. */
export async function showOnIssue(context: Context, task: Task): Promise<void> {
  const told = await tellText(context, task, await textOf(context, task));
  const data = { state: task.state, conclusion: null, annotations: 0, check: null, review: null };
  await appendOnce(context.ledger, {
    type: 'report.published',
    taskId: task.id,
    data: { ...data, told },
  });
}

/** Tells of a task of an issue what a check run would show. */
export function tellOnIssue(context: Context, task: Task, view: CheckView): Promise<Published> {
  return tellText(context, task, stateText(task, view));
}

async function textOf(context: Context, task: Task): Promise<string> {
  const rules = await rulesOfTask(context, task);
  if (task.state !== 'done' && task.state !== 'awaiting-approval') {
    return stateText(task, planEnded(task, rules));
  }
  const outcome = await readOutcome(context.store.artifacts, task);
  const reference = await context.store.steps.find(task.id, 'pull-request');
  return issueText({
    task,
    rules,
    outcome,
    files: await readSides(context.store.artifacts, outcome.changes),
    gate: await gateView(context, { task, rules, outcome }),
    pullRequest: reference === undefined ? undefined : Number(reference),
  });
}

function tellText(context: Context, task: Task, text: string): Promise<Published> {
  return tellOfTask(context, task, { onceKey: `state-${task.id}`, text });
}
