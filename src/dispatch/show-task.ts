import { readAfter } from '../approval/apply-patch.ts';
import { gatePatch, type PatchVerdict } from '../approval/gate-patch.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import { parseHunks } from '../report/diff-hunks.ts';
import type { GateView } from '../report/gate-view.ts';
import { planReport } from '../report/plan-report.ts';
import { type CheckView, planEnded, planHeld } from '../report/plan-state.ts';
import { type PublishedReport, publishReport, publishState } from '../report/publish.ts';
import { appendOnce } from './append-once.ts';
import type { Context } from './context.ts';
import { readOutcome, readSides } from './read-outcome.ts';

/** Makes the check run, and the review if there is one, show the state that the task is in. */
export async function showTask(context: Context, task: Task): Promise<void> {
  const { policy } = context.policy;
  const publisher = { github: context.github, steps: context.store.steps };
  if (task.state !== 'done' && task.state !== 'awaiting-approval') {
    const isHeld = task.state === 'awaiting-run-approval';
    const view = isHeld ? planHeld(task, policy) : planEnded(task, policy);
    const check = await publishState(publisher, task, view);
    return record(context, task, { view, published: { check, review: null } });
  }
  const outcome = await readOutcome(context.store.artifacts, task);
  const report = planReport({
    task,
    policy,
    outcome,
    files: await readSides(context.store.artifacts, outcome.changes),
    hunks: parseHunks(await context.store.artifacts.get(outcome.diffDigest)),
    gate: await gateView(context, task, outcome),
    ledgerHead: await context.ledger.head(),
  });
  const published = await publishReport(publisher, task, report);
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

/** What gate 2 says of the task's patch; a review has none, whatever its sandbox changed. */
export async function gateVerdict(
  context: Context,
  task: Task,
  outcome: Outcome,
): Promise<PatchVerdict> {
  if (task.kind !== 'fix') return { status: 'empty' };
  const afterBytes = await readAfter(context, outcome.changes);
  return gatePatch(context.policy.policy, { ...outcome, afterBytes });
}

async function gateView(context: Context, task: Task, outcome: Outcome): Promise<GateView> {
  const verdict = await gateVerdict(context, task, outcome);
  const mayApprove = `Who has \`${context.policy.policy.permissions.approve}\` permission or more.`;
  if (verdict.status === 'refused')
    return { status: 'refused', reasons: verdict.reasons, mayApprove };
  if (verdict.status === 'empty') return { status: 'none', reasons: [], mayApprove };
  if (task.state === 'awaiting-approval') return { status: 'waiting', reasons: [], mayApprove };
  const commitSha = await context.store.steps.find(task.id, 'commit');
  if (commitSha !== undefined) return { status: 'applied', reasons: [], mayApprove, commitSha };
  const reasons = ['The head is in a fork, to which the App cannot write.'];
  return { status: 'refused', reasons, mayApprove };
}
