import type { DeliveryId } from '../domain/ids.ts';
import { isEnded, type Task, TaskState } from '../domain/task.ts';
import type { PullRequestEvent } from '../policy/document/triggers.ts';
import { isOnOtherBase } from './base-branch.ts';
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
  // Also where it comes back to a base: a check of the one between may cover what was said there.
  if (event === 'retargeted') return false;
  const { number, headSha } = pullRequest;
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
  // A success on a base that hides the changes must not stand for another base, whichever event is the first to see it.
  if (await isOnOtherBase(context, newest, pullRequest)) return false;
  return !(await isReleased(context, happened, newest));
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
