import type { DeliveryId } from '../domain/ids.ts';
import { isEnded, type Task, TaskState } from '../domain/task.ts';
import type { PullRequestEvent } from '../policy/document/triggers.ts';
import type { Context } from './context.ts';
import { isHeld, type Planned } from './entry.ts';
import { isStanding } from './is-standing.ts';
import { isMissed } from './missed-head.ts';

/** What happened to a pull request, under the policy in force for it. */
interface Event extends Planned {
  readonly deliveryId: DeliveryId;
  readonly event: PullRequestEvent;
}

/** One automatic task of a name a head: redelivered and repeated events do not start it again. */
export async function isStarted(context: Context, happened: Event, name: string): Promise<boolean> {
  const { repository, pullRequest, deliveryId, event } = happened;
  // A success on a base that hides the changes must not stand for another base.
  if (event === 'retargeted') return false;
  const { number, headSha, baseSha } = pullRequest;
  const { repositoryId } = repository;
  const tasks = await context.store.tasks.ofPullRequest(repositoryId, number, TaskState.options);
  // The newest decides, since its check is what GitHub shows: an older success does not stand behind it.
  const newest = tasks.find(
    (task) => task.name === name && task.headSha === headSha && task.cause !== deliveryId,
  );
  if (newest === undefined) return false;
  // Nothing happened where only a look found the head: what failed or was cancelled stays so.
  const holds = isMissed(deliveryId) ? isStanding(newest) : isGoing(newest);
  if (!holds) return false;
  // Retargeted and closed in one breath: nobody planned the new base, and an older success must not stand for it.
  return newest.baseSha === baseSha && !(await isReleased(context, happened, newest));
}

function isGoing({ state }: Task): boolean {
  return !isEnded(state) || state === 'done';
}

/** Does the task wait only because its head was planned before anybody told who had pushed it? */
async function isReleased(
  context: Context,
  happened: Event,
  { name, state, isAutomatic }: Task,
): Promise<boolean> {
  if (happened.event !== 'opened' && happened.event !== 'synchronize') return false;
  if (state !== 'awaiting-run-approval' || !isAutomatic) return false;
  return !(await isHeld(context, happened, name));
}
