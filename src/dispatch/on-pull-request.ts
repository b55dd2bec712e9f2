import { liveStates, type Task, type TaskState } from '../domain/task.ts';
import type { Trigger } from '../domain/trigger.ts';
import { mustWait } from '../policy/admission.ts';
import type { PullRequest } from '../ports/github.ts';
import type { Context } from './context.ts';
import { createTask } from './create-task.ts';
import { endTask } from './end-task.ts';

type PullRequestTrigger = Extract<Trigger, { type: 'pull-request' }>;

/** Reviews a pull request when policy says that this action asks for it; a closed one ends its tasks. */
export async function onPullRequest(context: Context, trigger: PullRequestTrigger): Promise<void> {
  const { policy } = context.policy;
  if (trigger.action !== 'closed' && !policy.reviewOn.includes(asPolicySays(trigger.action)))
    return;
  // What the payload says may be hours old by now; GitHub itself is asked.
  const pullRequest = await context.github.pullRequests.get(trigger.repository, trigger.number);
  // A late "closed" must not end the tasks of a pull request that was opened again.
  if (trigger.action === 'closed') {
    if (pullRequest.state === 'closed') await endAll(context, trigger);
    return;
  }
  if (await isPaused(context, trigger)) return;
  // A success on a base that hides the changes must not stand for another base.
  const isNewDiff = trigger.action === 'retargeted';
  await planReview(context, trigger, { pullRequest, isNewDiff });
}

/** Reviews the present head as a push of it would have: unless that has been done, or policy wants none. */
export async function reviewUnasked(context: Context, occasion: Occasion): Promise<void> {
  if (!context.policy.policy.reviewOn.includes('synchronize')) return;
  const pullRequest = await context.github.pullRequests.get(occasion.repository, occasion.number);
  await planReview(context, occasion, { pullRequest, isNewDiff: false });
}

/** What a review that nobody asked for is planned from. */
type Occasion = Pick<PullRequestTrigger, 'repository' | 'number' | 'deliveryId' | 'sender'>;

async function planReview(
  context: Context,
  occasion: Occasion,
  { pullRequest, isNewDiff }: { readonly pullRequest: PullRequest; readonly isNewDiff: boolean },
): Promise<void> {
  const { policy } = context.policy;
  if (pullRequest.state === 'closed') return;
  if (pullRequest.isDraft && !policy.drafts) return;
  if (!isNewDiff && (await isReviewed(context, occasion, pullRequest))) return;
  const author = await context.github.permissions.of(occasion.repository, pullRequest.authorLogin);
  await createTask(context, {
    kind: 'review',
    repository: occasion.repository,
    pullRequest,
    cause: occasion.deliveryId,
    requestedBy: occasion.sender,
    instructions: null,
    held: mustWait(policy, pullRequest, author),
  });
}

/** Did somebody ask that nothing starts by itself here? Recorded, so that a missing check has a reason. */
async function isPaused(context: Context, trigger: PullRequestTrigger): Promise<boolean> {
  const { number, deliveryId, repository } = trigger;
  const { repositoryId } = repository;
  if (!(await context.store.pauses.isPaused({ repositoryId, number }))) return false;
  const data = { deliveryId, repositoryId, pullRequest: number };
  await context.ledger.append({ type: 'delivery.paused', taskId: null, data });
  return true;
}

/** A new base changes what there is to review as a push does. */
function asPolicySays(action: Exclude<PullRequestTrigger['action'], 'closed'>) {
  return action === 'retargeted' ? 'synchronize' : action;
}

/** One automatic review a head: redelivered and repeated events do not review the same commit again. */
async function isReviewed(
  context: Context,
  trigger: Occasion,
  pullRequest: PullRequest,
): Promise<boolean> {
  const seen: readonly TaskState[] = [...liveStates, 'done'];
  const tasks = await reviewsOf(context, trigger, seen);
  return tasks.some(
    (task) => task.headSha === pullRequest.headSha && task.cause !== trigger.deliveryId,
  );
}

async function reviewsOf(
  context: Context,
  trigger: Occasion,
  states: readonly TaskState[],
): Promise<readonly Task[]> {
  const tasks = await context.store.tasks.ofPullRequest(
    trigger.repository.repositoryId,
    trigger.number,
    states,
  );
  return tasks.filter((task) => task.kind === 'review');
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
