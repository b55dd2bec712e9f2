import { readOutcome, readSides } from '../approval/read-outcome.ts';
import type { Task } from '../domain/task.ts';
import { allowedTriage } from '../policy/decide/triage.ts';
import { issueText, stateText } from '../report/issue-text.ts';
import { type CheckView, planEnded } from '../report/plan-state.ts';
import type { Published } from '../report/publish.ts';
import { triageText } from '../report/triage-text.ts';
import { appendOnce } from './append-once.ts';
import { labelsPut } from './apply-triage.ts';
import type { Context } from './context.ts';
import { rulesOfTask } from './policy-record.ts';
import { type FinishedTask, gateView } from './read-gate.ts';
import { tellOfTask } from './tell-of-task.ts';

/** Makes the conversation of the issue tell the state that a task of it is in. An issue has no check run. */
export async function showOnIssue(context: Context, task: Task): Promise<void> {
  const text = await textOf(context, task);
  // What starts by itself on an issue says something when it has something to say.
  const told = text === null ? null : await tellText(context, task, text);
  const data = { state: task.state, conclusion: null, annotations: 0, check: null, review: null };
  await appendOnce(context.ledger, {
    type: 'report.published',
    taskId: task.id,
    data: { ...data, told },
  });
}

/** Tells of a task of an issue what a check run would show. */
export async function tellOnIssue(context: Context, task: Task, view: CheckView): Promise<void> {
  if (task.isAutomatic) return;
  await tellText(context, task, stateText(task, view));
}

async function textOf(context: Context, task: Task): Promise<string | null> {
  const rules = await rulesOfTask(context, task);
  if (task.state !== 'done' && task.state !== 'awaiting-approval') {
    return task.isAutomatic ? null : stateText(task, planEnded(task, rules));
  }
  const outcome = await readOutcome(context.store.artifacts, task);
  if (outcome.purpose === 'triage') return textOfTriage(context, task, { rules, outcome });
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

async function textOfTriage(
  context: Context,
  task: Task,
  { rules, outcome }: Pick<FinishedTask, 'rules' | 'outcome'>,
): Promise<string | null> {
  const { triage = { labels: [], answer: null } } = outcome;
  const { answer } = allowedTriage(triage, rules);
  const labels = await labelsPut(context, task);
  const { linkHosts } = rules.review;
  const text = triageText({ name: task.name, labels, answer, linkHosts });
  if (text !== '') return text;
  return task.isAutomatic ? null : `**${task.name}.** There is nothing to add.`;
}

function tellText(context: Context, task: Task, text: string): Promise<Published> {
  return tellOfTask(context, task, { onceKey: `state-${task.id}`, text });
}
