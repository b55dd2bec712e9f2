import { readAfter } from '../approval/after-bytes.ts';
import { gatePatch, type PatchVerdict } from '../approval/gate-patch.ts';
import { readOutcome, readSides } from '../approval/read-outcome.ts';
import { DeliveryId } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import { whoMay } from '../policy/decide/person.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import { parseHunks } from '../report/diff-hunks.ts';
import type { GateView } from '../report/gate-view.ts';
import { planReport } from '../report/plan-report.ts';
import { type CheckView, planEnded, planHeld } from '../report/plan-state.ts';
import { type PublishedReport, publishReport, publishState } from '../report/publish.ts';
import { appendOnce } from './append-once.ts';
import type { Context } from './context.ts';
import { rulesOfTask } from './policy-record.ts';
import { guardSiblings, showSiblings } from './sibling-guard.ts';

/**
 * Makes the check run, and the review if there is one, show the state that the task is in. The ledger keeps the
 * task's own conclusion, also where the check waits for that of a pull request with the same head.
 */
export async function showTask(context: Context, task: Task): Promise<void> {
  await showState(context, task);
  const cause = DeliveryId.parse(`${task.id}-${task.attempt}-${task.state}`);
  await showSiblings(context, task, cause);
}

async function showState(context: Context, task: Task): Promise<void> {
  const rules = await rulesOfTask(context, task);
  const publisher = { github: context.github, steps: context.store.steps };
  if (task.state !== 'done' && task.state !== 'awaiting-approval') {
    const isHeld = task.state === 'awaiting-run-approval';
    const view = isHeld ? planHeld(task, rules) : planEnded(task, rules);
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

/** A task that has an outcome, and the rules that it was planned with. */
interface FinishedTask {
  readonly task: Task;
  readonly rules: EffectiveTask;
  readonly outcome: Outcome;
}

/** Who may let the patch through, and where several have to, how many did. */
async function whoDecides(context: Context, { task, rules }: FinishedTask): Promise<string> {
  const { count, codeOwners, requesterMayApprove } = rules.approvals;
  const given = (await context.store.approvals.ofTask(task.id)).filter(
    ({ gate, decision }) => gate === 'write' && decision === 'approve',
  );
  const people = new Set(given.map(({ by }) => by.id)).size;
  return [
    `It takes ${whoMay(rules.approve)}.`,
    count === 1 ? [] : `${count} people have to approve; ${people} did.`,
    codeOwners ? 'The owners of each file have to approve it.' : [],
    requesterMayApprove ? [] : 'Who asked for the task may not.',
  ]
    .flat()
    .join(' ');
}

/** What gate 2 says of the task's patch; a review has none, whatever its sandbox changed. */
export async function gateVerdict(
  context: Context,
  { task, rules, outcome }: FinishedTask,
): Promise<PatchVerdict> {
  if (task.kind !== 'fix') return { status: 'empty' };
  const afterBytes = await readAfter(context, outcome.changes);
  return gatePatch(rules, { ...outcome, afterBytes });
}

async function gateView(context: Context, finished: FinishedTask): Promise<GateView> {
  const { task } = finished;
  const verdict = await gateVerdict(context, finished);
  const mayApprove = await whoDecides(context, finished);
  if (verdict.status === 'refused')
    return { status: 'refused', reasons: verdict.reasons, mayApprove };
  if (verdict.status === 'empty') return { status: 'none', reasons: [], mayApprove };
  if (task.state === 'awaiting-approval') return { status: 'waiting', reasons: [], mayApprove };
  const commitSha = await context.store.steps.find(task.id, 'commit');
  if (commitSha !== undefined) return { status: 'applied', reasons: [], mayApprove, commitSha };
  const reasons = ['The head is in a fork, to which the App cannot write.'];
  return { status: 'refused', reasons, mayApprove };
}
