import { liveStates, TaskState } from '../domain/task.ts';
import type { Trigger } from '../domain/trigger.ts';
import type { PullRequestEvent } from '../policy/document/triggers.ts';
import type { PullRequest } from '../ports/github.ts';
import type { Context } from './context.ts';
import { endTask } from './end-task.ts';
import { endVoidOf } from './end-void.ts';
import { finishMissed, isMissed } from './missed-head.ts';
import { pusherOf, rememberPusher } from './pusher.ts';
import { pausedEvents } from './show-paused.ts';
import { showStale } from './show-stale.ts';
import { showHead, showSiblings } from './sibling-guard.ts';
import { startOnEvent } from './start-on-event.ts';

type PullRequestTrigger = Extract<Trigger, { type: 'pull-request' }>;

/** Starts what the policy starts on this action; a closed pull request ends its tasks. */
export async function onPullRequest(context: Context, trigger: PullRequestTrigger): Promise<void> {
  const { action, repository, number } = trigger;
  await rememberPusher(context, trigger);
  // What the payload says may be hours old by now; GitHub itself is asked.
  const pullRequest = await context.github.pullRequests.get(repository, number);
  await showWaiting(context, trigger, pullRequest);
  if (pullRequest.state === 'closed') {
    // A late "closed" must not end the tasks of a pull request that was opened again.
    if (action === 'closed') await endAll(context, trigger);
    return;
  }
  if (action === 'closed') return;
  await endVoidOf(context, repository, pullRequest);
  if (await isOvertaken(context, trigger, pullRequest)) return;
  const isPlanned = await startThere(context, { ...trigger, action }, pullRequest);
  // Of a head that was left meanwhile nothing is known, and it may come back.
  const isSame = pullRequest.headSha === trigger.headSha;
  if (isPlanned && isSame && isMissed(trigger.deliveryId))
    await finishMissed(context, trigger.deliveryId);
}

async function startThere(
  context: Context,
  trigger: Omit<PullRequestTrigger, 'action'> & { readonly action: PullRequestEvent },
  pullRequest: PullRequest,
): Promise<boolean> {
  const { action: event } = trigger;
  const paused = await isPaused(context, trigger);
  const isPlanned =
    (paused && event === 'retargeted') ||
    (await startOnEvent(context, { ...trigger, event, pullRequest, isPaused: paused }));
  await showStale(context, { ...trigger, pullRequest });
  return isPlanned;
}

/**
 * Is this the delivery of a push that another one followed, which nobody has told of yet? Its own delivery starts
 * what it starts, and says whose it is.
 */
async function isOvertaken(
  context: Context,
  { action, repository, headSha, isDerived = false }: PullRequestTrigger,
  pullRequest: PullRequest,
): Promise<boolean> {
  if (action !== 'synchronize' || isDerived || headSha === pullRequest.headSha) return false;
  return (await pusherOf(context, repository, pullRequest)) === null;
}

/** Starts on the present head what a push of it, or an event that came in a pause, would have started. */
export async function startUnasked(
  context: Context,
  occasion: Pick<PullRequestTrigger, 'repository' | 'number' | 'deliveryId' | 'sender'>,
): Promise<void> {
  const pullRequest = await context.github.pullRequests.get(occasion.repository, occasion.number);
  if (pullRequest.state === 'closed') return;
  const { repository } = occasion;
  const events = await pausedEvents(context, { repository, pullRequest });
  for (const event of new Set<PullRequestEvent>(['synchronize', ...events])) {
    await startOnEvent(context, { ...occasion, event, pullRequest });
  }
  await showStale(context, { ...occasion, pullRequest });
}

/** Did somebody ask that nothing starts by itself here? Recorded, so that a missing check has a reason. */
async function isPaused(
  context: Context,
  trigger: Omit<PullRequestTrigger, 'action'>,
): Promise<boolean> {
  const { number, deliveryId, repository } = trigger;
  const { repositoryId } = repository;
  if (!(await context.store.pauses.isPaused({ repositoryId, number }))) return false;
  const data = { deliveryId, repositoryId, pullRequest: number };
  await context.ledger.append({ type: 'delivery.paused', taskId: null, data });
  return true;
}

/** What waits for this pull request because of a head that it has left, by a push or closed, waits no longer. */
async function showWaiting(
  context: Context,
  { repository, number, deliveryId, beforeSha }: PullRequestTrigger,
  { headSha, state }: PullRequest,
): Promise<void> {
  const { repositoryId } = repository;
  const tasks = await context.store.tasks.ofPullRequest(repositoryId, number, TaskState.options);
  const left = tasks.filter((task) => state === 'closed' || task.headSha !== headSha);
  const newest = new Map(left.toReversed().map((task) => [task.name, task]));
  for (const task of newest.values()) await showSiblings(context, task, deliveryId);
  const gone = [
    ...(state === 'closed' ? [headSha] : []),
    ...(beforeSha === undefined ? [] : [beforeSha]),
  ];
  for (const sha of gone) await showHead(context, { repository, headSha: sha, number }, deliveryId);
}

async function endAll(context: Context, trigger: PullRequestTrigger): Promise<void> {
  const live = await context.store.tasks.ofPullRequest(
    trigger.repository.repositoryId,
    trigger.number,
    liveStates,
  );
  for (const task of live) {
    await endTask(context, task, { state: 'cancelled', reason: 'pull-request:closed' });
  }
}
