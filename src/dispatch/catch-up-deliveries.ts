import { DeliveryId } from '../domain/ids.ts';
import type { HookDelivery } from '../ports/hook-deliveries.ts';
import type { Context } from './context.ts';

/** GitHub sends a delivery again for three days (docs, handling failed webhook deliveries); two hours to spare. */
const lookBackMs = 70 * 3_600_000;
/** Looked at again in the next pass: a redelivery that was asked for may have failed since. */
const overlapMs = 15 * 60_000;
/** A page has 100, the newest first. Of more attempts than these since the last look, the oldest are not seen. */
const maxPages = 20;
/** Redeliveries asked for in one pass. */
const maxAsked = 100;
/** Attempts of one delivery, the first included, after which it is left alone. */
const maxAttempts = 5;

const cursorName = 'hook-deliveries';

/**
 * Events that always become a trigger. GitHub may call one taken that the queue does not know: Redis has lost
 * it. Comments are not among them, since those by Sallyport itself are taken and dropped.
 */
const alwaysQueued: ReadonlyMap<string, readonly string[]> = new Map([
  ['pull_request', ['opened', 'synchronize', 'reopened', 'ready_for_review', 'closed']],
  ['merge_group', ['checks_requested']],
  ['installation', ['suspend', 'unsuspend', 'deleted']],
  ['repository', ['renamed', 'transferred', 'deleted']],
]);

/**
 * Has GitHub send again what did not come through: the last attempt failed, or the queue has lost it. Nothing
 * is done twice by this, since a delivery keeps its id and a job is named by it.
 */
export async function catchUpDeliveries(context: Context): Promise<void> {
  const { cursors } = context.store;
  const cursorMs = await cursors.at(cursorName);
  const nowMs = context.clock.nowMs();
  const sinceMs = Math.max(cursorMs - overlapMs, nowMs - lookBackMs);
  const attempts = await attemptsSince(context, sinceMs);
  const missed = await missedOf(context, attempts, cursorMs);
  for (const delivery of missed.slice(0, maxAsked)) await ask(context, delivery);
  // Past the first that was left out nothing has been looked after.
  const doneMs = missed[maxAsked]?.atMs ?? nowMs;
  await cursors.move(cursorName, cursorMs, Math.max(cursorMs, doneMs));
}

/** Attempts at or after `sinceMs`, newest first. */
async function attemptsSince(context: Context, sinceMs: number): Promise<readonly HookDelivery[]> {
  const attempts: HookDelivery[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const { deliveries, next } = await context.github.hookDeliveries.list(cursor);
    attempts.push(...deliveries.filter(({ atMs }) => atMs >= sinceMs));
    const isPast = deliveries.some(({ atMs }) => atMs < sinceMs);
    if (next === undefined || isPast) return attempts;
    cursor = next;
  }
  context.log.warn({ attempts: attempts.length }, 'more deliveries than one pass looks at');
  return attempts;
}

/** The newest attempt of each delivery that did not come through, oldest first. */
async function missedOf(
  context: Context,
  attempts: readonly HookDelivery[],
  cursorMs: number,
): Promise<readonly HookDelivery[]> {
  const missed: HookDelivery[] = [];
  for (const [guid, all] of Map.groupBy(attempts, (attempt) => attempt.guid)) {
    const [newest] = all;
    if (newest === undefined || !DeliveryId.safeParse(guid).success) continue;
    if (!isLost(all) && !mayBeForgotten(all, cursorMs)) continue;
    if (await context.queues.deliveries.has(guid)) continue;
    if (all.length < maxAttempts) missed.push(newest);
    else context.log.error({ deliveryId: guid, event: newest.event }, 'a delivery is given up');
  }
  return missed.sort((a, b) => a.atMs - b.atMs);
}

function isLost(all: readonly HookDelivery[]): boolean {
  return all.every(({ isTaken }) => !isTaken);
}

/**
 * Only what came since we last looked, and once: with a new database everything of before is unknown, and must
 * not be done again.
 */
function mayBeForgotten(all: readonly HookDelivery[], cursorMs: number): boolean {
  if (cursorMs === 0 || all.some(({ isRedelivery }) => isRedelivery)) return false;
  return all.every(({ event, action }) => alwaysQueued.get(event)?.includes(action ?? ''));
}

async function ask(context: Context, { id, guid, event, action }: HookDelivery): Promise<void> {
  await context.github.hookDeliveries.redeliver(id);
  const data = { deliveryId: guid, event, action };
  await context.ledger.append({ type: 'delivery.asked-again', taskId: null, data });
  context.log.warn(data, 'a delivery did not come through; GitHub is asked to send it again');
}
