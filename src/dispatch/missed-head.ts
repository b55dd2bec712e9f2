import { DeliveryId, digestOf, taskIdFor } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { Trigger } from '../domain/trigger.ts';
import type { OpenPullRequest } from '../ports/open-pull-request.ts';
import type { Context } from './context.ts';

/** A head that lacks a check, and what was looked at to tell so. */
export interface MissedHead {
  readonly repository: RepositoryRef;
  readonly pull: OpenPullRequest;
  /** The policy that says which checks it should have, a pause, and the tasks whose endings do not stand for it. */
  readonly because: readonly string[];
}

const prefix = 'missed';
const step = 'planned';
/** Jobs for one head, one after the other, each of which failed for good. */
const maxJobs = 50;

/**
 * Plans it as if it had been opened, under an id that is made of what was found: found again, it is the same
 * cause, of which there is one task and one check of a name, and what GitHub then delivers late finds it planned.
 * One that was planned to the end is not planned again. A job that failed for good, as while the App was
 * suspended, is followed by another.
 */
export async function planMissed(context: Context, head: MissedHead): Promise<void> {
  const trigger = triggerOf(context, head);
  const { deliveryId, headSha, number } = trigger;
  if ((await context.store.steps.find(keyOf(deliveryId), step)) !== undefined) return;
  const job = await nextJob(context, deliveryId);
  if (job === undefined) return;
  const { repositoryId } = head.repository;
  const data = { deliveryId, repositoryId, pullRequest: number, headSha };
  await context.ledger.append({ type: 'head.missed', taskId: null, data });
  await context.queues.deliveries.add(job, trigger);
}

/** Is it the cause of something that was found, and not delivered? */
export function isMissed(deliveryId: DeliveryId): boolean {
  return deliveryId.startsWith(`${prefix}-`);
}

/** Remembers that it was planned to the end. */
export async function finishMissed(context: Context, deliveryId: DeliveryId): Promise<void> {
  await context.store.steps.finish(keyOf(deliveryId), step, 'done');
}

/** A cause that is made of what was found. */
export function causeOf(what: string, ...parts: readonly string[]): DeliveryId {
  const hash = digestOf(JSON.stringify(parts)).slice('sha256:'.length, 'sha256:'.length + 40);
  return DeliveryId.parse(`${what}-${hash}`);
}

function keyOf(deliveryId: DeliveryId) {
  return taskIdFor(deliveryId, prefix);
}

/** The id of the next job; undefined while one is open, and after too many. */
async function nextJob(context: Context, deliveryId: DeliveryId): Promise<string | undefined> {
  const { deliveries } = context.queues;
  for (let job = 0; job < maxJobs; job += 1) {
    const id = job === 0 ? deliveryId : `${deliveryId}-${job}`;
    if (!(await deliveries.has(id))) return id;
    if (await deliveries.isOpen(id)) return undefined;
  }
  return undefined;
}

function triggerOf(context: Context, { repository, pull, because }: MissedHead) {
  const { number, headSha, baseRef, isDraft, author } = pull;
  const found = [repository.repositoryId, number, headSha, baseRef, isDraft, ...because];
  return {
    deliveryId: causeOf(prefix, ...found.map(String)),
    repository,
    sender: author,
    receivedAtMs: context.clock.nowMs(),
    type: 'pull-request',
    action: 'opened',
    number,
    headSha,
    isDerived: true,
  } as const satisfies Trigger;
}
