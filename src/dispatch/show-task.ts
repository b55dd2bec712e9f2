import { readOutcome, readSides } from '../approval/read-outcome.ts';
import { DeliveryId } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';
import { isPatchDropped } from '../report/describe-ending.ts';
import { parseHunks } from '../report/diff-hunks.ts';
import { planReport } from '../report/plan-report.ts';
import { type CheckView, planEnded, planHeld } from '../report/plan-state.ts';
import { type PublishedReport, publishReport, publishState } from '../report/publish.ts';
import { appendOnce } from './append-once.ts';
import type { Context } from './context.ts';
import { rulesOfTask } from './policy-record.ts';
import { gateView } from './read-gate.ts';
import { readRunFacts } from './read-run-facts.ts';
import { showOnIssue } from './show-on-issue.ts';
import { guardSiblings, showSiblings } from './sibling-guard.ts';

/**
 * Makes the check run, and the review if there is one, show the state that the task is in; of a task of an issue
 * its conversation. The ledger keeps the task's own conclusion, also where the check waits for that of a pull
 * request with the same head.
 */
export async function showTask(context: Context, task: Task): Promise<void> {
  if (task.subjectKind === 'issue') return showOnIssue(context, task);
  await showState(context, task);
  const cause = DeliveryId.parse(`${task.id}-${task.attempt}-${task.state}`);
  await showSiblings(context, task, cause);
}

async function showState(context: Context, task: Task): Promise<void> {
  const rules = await rulesOfTask(context, task);
  const publisher = { github: context.github, steps: context.store.steps };
  if (task.state !== 'done' && task.state !== 'awaiting-approval') {
    const isHeld = task.state === 'awaiting-run-approval';
    const found = isPatchDropped(task)
      ? await readOutcome(context.store.artifacts, task)
      : undefined;
    const view = isHeld ? planHeld(task, rules) : planEnded(task, rules, found);
    const shown = await guardSiblings(context, task, view);
    const check = await publishState(publisher, task, shown);
    return record(context, task, { view, published: { check, review: null } });
  }
  const outcome = await readOutcome(context.store.artifacts, task);
  const report = planReport({
    task,
    rules,
    outcome,
    files: await readSides(context.store.artifacts, outcome.changes),
    hunks: parseHunks(await context.store.artifacts.get(outcome.diffDigest)),
    gate: await gateView(context, { task, rules, outcome }),
    facts: await readRunFacts(context.ledger, task),
    ledgerHead: await context.ledger.head(),
  });
  const check = await guardSiblings(context, task, report.check);
  const published = await publishReport(publisher, task, { ...report, check });
  await record(context, task, { view: report.check, published });
}

async function record(
  context: Context,
  task: Task,
  { view, published }: { readonly view: CheckView; readonly published: PublishedReport },
): Promise<void> {
  await appendOnce(context.ledger, {
    type: 'report.published',
    taskId: task.id,
    data: {
      state: task.state,
      conclusion: view.state.status === 'completed' ? view.state.conclusion : null,
      annotations: view.annotations.length,
      check: published.check,
      review: published.review,
    },
  });
}
