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
  if (pullRequest.state === 'closed') return;
  if (pullRequest.isDraft && !policy.drafts) return;
  // A success on a base that hides the changes must not stand for another base.
  const isNewDiff = trigger.action === 'retargeted';
  if (!isNewDiff && (await isReviewed(context, trigger, pullRequest))) return;
  const author = await context.github.permissions.of(trigger.repository, pullRequest.authorLogin);
  await createTask(context, {
    kind: 'review',
    repository: trigger.repository,
    pullRequest,
    cause: trigger.deliveryId,
    requestedBy: trigger.sender,
    instructions: null,
    held: mustWait(policy, pullRequest, author),
  });
}

/** A new base changes what there is to review as a push does. */
function asPolicySays(action: Exclude<PullRequestTrigger['action'], 'closed'>) {
  return action === 'retargeted' ? 'synchronize' : action;
}

/** One automatic review a head: redelivered and repeated events do not review the same commit again. */
async function isReviewed(
  context: Context,
  trigger: PullRequestTrigger,
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
  trigger: PullRequestTrigger,
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
