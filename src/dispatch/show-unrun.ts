import { type DeliveryId, taskIdFor } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import { maxAnnotationsPerRequest } from '../ports/check-runs.ts';
import type { PullRequest } from '../ports/github.ts';
import type { CheckView } from '../report/plan-state.ts';
import { planUnrun } from '../report/plan-unrun.ts';
import { isPassing } from '../report/shared-head.ts';
import { isOfOtherBase, keepBase } from './base-branch.ts';
import type { Context } from './context.ts';
import { hasForeignCheck } from './foreign-check.ts';
import { isMissed } from './missed-head.ts';
import { keyBehind, pullRequestBehind, unrunId } from './unrun-id.ts';

/** A pull request of which a task does not run, and why, as its check is to show it. */
export interface Unrun {
  readonly repository: RepositoryRef;
  readonly pullRequest: PullRequest;
  readonly deliveryId: DeliveryId;
  /** Name of the check run. */
  readonly name: string;
  readonly view: CheckView;
}

/**
 * Shows a check run that no task stands behind, on the present head: once a delivery and name, also when the
 * delivery is handled twice. One that passes is not shown where another pull request has a check of that name
 * on this head, and does not pass where both come at once: the later one knows of the other. Where nothing happened
 * and only a look found the head, what is shown already is not shown again.
 */
export async function showUnrun(context: Context, unrun: Unrun): Promise<void> {
  const { repository, pullRequest, deliveryId, name, view } = unrun;
  const isCovering = async () => isPassing(view) && (await hasForeignCheck(context, unrun));
  if (await isCovering()) return;
  if (isMissed(deliveryId) && (await isShown(context, unrun))) return;
  const key = taskIdFor(JSON.stringify([deliveryId, pullRequest.headSha, name]), 'unrun');
  const step = await context.store.steps.begin(key, 'check-run');
  if (step.status === 'done') return;
  await keepBase(context, key, pullRequest.baseRef);
  const { checkRuns } = context.github;
  const externalId = unrunId(pullRequest.number, key);
  const found =
    step.status === 'begun'
      ? await checkRuns.find(repository, pullRequest.headSha, externalId)
      : undefined;
  const { headSha } = pullRequest;
  // Concluded from the first: whoever dies before the update leaves no check open, and none that passes yet.
  const { state, output, annotations } = isPassing(view) ? interrupted : view;
  const made = {
    name,
    headSha,
    externalId,
    state,
    output,
    annotations: annotations.slice(0, maxAnnotationsPerRequest),
  };
  const checkRunId = found ?? (await checkRuns.create(repository, made));
  await checkRuns.update(repository, checkRunId, (await isCovering()) ? sharedHead : view);
  await context.store.steps.finish(key, 'check-run', String(checkRunId));
}

/**
 * The same, but not where the check of this name that GitHub shows is of this pull request and says the same of this base:
 * for what comes of no event of its own. Never after a re-run, for which GitHub has cleared the suite.
 */
export async function showUnrunOnce(context: Context, unrun: Unrun): Promise<void> {
  if (!(await isShown(context, unrun))) await showUnrun(context, unrun);
}

async function isShown(
  context: Context,
  { repository, pullRequest, name, view }: Unrun,
): Promise<boolean> {
  const runs = await context.github.checkRuns.list(repository, pullRequest.headSha);
  const newest = runs.find((run) => run.name === name);
  if (newest === undefined || view.state.status !== 'completed') return false;
  const key = keyBehind(newest.externalId);
  const isOurs = pullRequestBehind(newest.externalId) === pullRequest.number;
  if (key === undefined || !isOurs || newest.conclusion !== view.state.conclusion) return false;
  return !(await isOfOtherBase(context, key, pullRequest));
}

const interrupted = planUnrun({
  title: 'Not concluded',
  reason: 'Sallyport was stopped while it wrote this check. Press Re-run.',
  conclusion: 'action_required',
});

const sharedHead = planUnrun({
  title: 'Not started',
  reason: 'Another pull request has the same head commit, and its check counts for both.',
  conclusion: 'action_required',
});
