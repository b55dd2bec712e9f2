import { readOutcome, readSides } from '../approval/read-outcome.ts';
import { DeliveryId } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';
import { hasCode } from '../errors.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import { isPatchDropped } from '../report/describe-ending.ts';
import { nothingInline, type PublishPlan, saysNothing } from '../report/inline/publish-plan.ts';
import { stillWanted } from '../report/inline/still-wanted.ts';
import { planReport, type Report } from '../report/plan-report.ts';
import { type CheckView, planEnded, planHeld } from '../report/plan-state.ts';
import { type Published, type Publisher, publishState, withoutReview } from '../report/publish.ts';
import { publishInline } from '../report/publish-inline.ts';
import { appendOnce } from './append-once.ts';
import { asPublisher, type StayAlone } from './as-publisher.ts';
import type { Context } from './context.ts';
import { forgetPlaces, inFindingsTurn, readRecords, readWaived } from './finding-memory.ts';
import { planOnce, type Ran } from './plan-once.ts';
import { rulesOfTask } from './policy-record.ts';
import { gateView } from './read-gate.ts';
import { readRunFacts } from './read-run-facts.ts';
import { showOnIssue } from './show-on-issue.ts';
import { showSummary } from './show-summary.ts';
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
  if (task.state !== 'done' && task.state !== 'awaiting-approval') {
    const isHeld = task.state === 'awaiting-run-approval';
    const found = isPatchDropped(task)
      ? await readOutcome(context.store.artifacts, task)
      : undefined;
    const view = isHeld ? planHeld(task, rules) : planEnded(task, rules, found);
    const shown = await guardSiblings(context, task, view);
    const check = await publishState(publisherOf(context), task, shown);
    return record(context, task, { view, check, review: null });
  }
  await showReport(context, task, rules);
}

/** First the check, so that a required one is never held up by what else there is to say; then the diff. */
async function showReport(context: Context, task: Task, rules: EffectiveTask): Promise<void> {
  const outcome = await readOutcome(context.store.artifacts, task);
  const files = await readSides(context.store.artifacts, outcome.changes);
  const ran = { task, rules, outcome, files };
  const plan = await planOrConclude(context, ran);
  const report = await reportOf(context, ran, plan);
  const check = await publishState(publisherOf(context), task, report.check);
  const review = await showInline(context, task, { plan, report, check });
  await showSummary(context, { task, rules }, report);
  const { view } = report;
  await record(context, task, { view, check, review });
}

/**
 * The task's plan. While GitHub does not say what stands on the pull request there is none: then the check is concluded
 * by the findings alone, of which nothing counts as dismissed, and the job comes again.
 */
async function planOrConclude(context: Context, ran: Ran): Promise<PublishPlan> {
  try {
    return await planOnce(context, ran);
  } catch (error) {
    if (!hasCode(error, 'github.unavailable')) throw error;
    const { check } = await reportOf(context, ran, nothingInline);
    // A check run takes no annotation back: they come with the plan, which says which and by what id.
    await publishState(publisherOf(context), ran.task, { ...check, annotations: [] });
    throw error;
  }
}

/** The report with its check as it may be shown beside those of other pull requests, and as it is by itself. */
async function reportOf(
  context: Context,
  { task, rules, outcome, files }: Ran,
  inline: PublishPlan,
): Promise<Report & { readonly view: CheckView }> {
  const report = planReport({
    task,
    rules,
    outcome,
    files,
    inline,
    waived: await readWaived(context, { task, outcome }, inline),
    gate: await gateView(context, { task, rules, outcome }),
    facts: await readRunFacts(context.ledger, task),
    ledgerHead: await context.ledger.head(),
  });
  return {
    ...report,
    view: report.check,
    check: await guardSiblings(context, task, report.check),
  };
}

/** What the plan says on the diff, by one publisher of the installation at a time. What GitHub refuses is told in the check. */
async function showInline(
  context: Context,
  task: Task,
  {
    plan,
    report,
    check,
  }: { readonly plan: PublishPlan; readonly report: Report; readonly check: Published },
): Promise<Published | null> {
  if (saysNothing(plan)) return null;
  const publisher = publisherOf(context);
  const carryOut = async (stayAlone: StayAlone) => {
    const left = stillWanted(plan, await readRecords(context, task), task.id);
    const body = left.comments.length === 0 ? null : report.reviewBody;
    const published = await publishInline({ ...publisher, stayAlone }, task, { plan: left, body });
    await forgetPlaces(context, task, published.refused);
    return published.review;
  };
  const review = await asPublisher(context, task, (stayAlone) =>
    inFindingsTurn(context, task, () => carryOut(stayAlone)),
  );
  if (review?.status === 'refused' && check.status === 'shown') {
    await publishState(publisher, task, withoutReview(report, review.code));
  }
  return review;
}

function publisherOf({ github, store: { steps } }: Context): Publisher {
  return { github, steps };
}

async function record(
  context: Context,
  task: Task,
  {
    view,
    ...published
  }: {
    readonly view: CheckView;
    readonly check: Published;
    readonly review: Published | null;
  },
): Promise<void> {
  await appendOnce(context.ledger, {
    type: 'report.published',
    taskId: task.id,
    data: {
      state: task.state,
      conclusion: view.state.status === 'completed' ? view.state.conclusion : null,
      annotations: view.annotations.length,
      ...published,
    },
  });
}
