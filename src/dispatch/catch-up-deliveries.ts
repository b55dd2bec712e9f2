import { DeliveryId } from '../domain/ids.ts';
import type { HookDelivery } from '../ports/hook-deliveries.ts';
import type { Context } from './context.ts';
import { type Backlog, keepBacklog, readBacklog } from './delivery-backlog.ts';

/** GitHub sends a delivery again for three days (docs, handling failed webhook deliveries); two hours to spare. */
const lookBackMs = 70 * 3_600_000;
/** Looked at again in the next pass: a redelivery that was asked for may have failed since. */
const overlapMs = 15 * 60_000;
/** A page has 100, the newest first. What one look does not see, a later one goes on with. */
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
  ['issues', ['opened']],
  ['merge_group', ['checks_requested']],
  ['installation', ['suspend', 'unsuspend', 'deleted']],
  ['repository', ['renamed', 'transferred', 'deleted']],
]);

/**
 * Has GitHub send again what did not come through: the last attempt failed, or the queue has lost it. Nothing
 * is done twice by this, since a delivery keeps its id and a job is named by it. Of more than a look can see,
 * the oldest are the next looks' business.
 */
export async function catchUpDeliveries(context: Context): Promise<void> {
  const { cursors } = context.store;
  const cursorMs = await cursors.at(cursorName);
  const nowMs = context.clock.nowMs();
  const sinceMs = Math.max(cursorMs - overlapMs, nowMs - lookBackMs);
  const { attempts, next } = await attemptsSince(context, sinceMs);
  const before = await readBacklog(context);
  if (next !== undefined) await leave(context, { next, sinceMs, cursorMs, attempts, before });
  const missed = await missedOf(context, attempts, cursorMs);
  for (const delivery of missed.slice(0, maxAsked)) await ask(context, delivery);
  // Past the first that was left out nothing has been looked after.
  const doneMs = missed[maxAsked]?.atMs ?? nowMs;
  await cursors.move(cursorName, cursorMs, Math.max(cursorMs, doneMs));
  if (next === undefined && before !== undefined) await catchUpBacklog(context, before);
}

/** Attempts at or after `sinceMs`, newest first, and the page at which the look ended too early. */
async function attemptsSince(
  context: Context,
  sinceMs: number,
): Promise<{ readonly attempts: readonly HookDelivery[]; readonly next?: string }> {
  const attempts: HookDelivery[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const { deliveries, next } = await context.github.hookDeliveries.list(cursor);
    attempts.push(...deliveries.filter(({ atMs }) => atMs >= sinceMs));
    const isPast = deliveries.some(({ atMs }) => atMs < sinceMs);
    if (next === undefined || isPast) return { attempts };
    cursor = next;
  }
  context.log.warn({ attempts: attempts.length }, 'more deliveries than one look sees');
  return { attempts, ...(cursor === undefined ? {} : { next: cursor }) };
}

/** Keeps the place. A backlog that was there lies beyond it, and is come to again on the way. */
async function leave(
  context: Context,
  it: Pick<Backlog, 'next' | 'sinceMs' | 'cursorMs'> & {
    readonly attempts: readonly HookDelivery[];
    readonly before: Backlog | undefined;
  },
): Promise<void> {
  const { next, sinceMs, cursorMs, attempts, before } = it;
  await keepBacklog(context, {
    next,
    fromMs: attempts.at(-1)?.atMs ?? sinceMs,
    sinceMs: Math.min(sinceMs, before?.sinceMs ?? sinceMs),
    cursorMs: Math.min(cursorMs, before?.cursorMs ?? cursorMs),
  });
}

/** Page by page, each done before the place is moved: as many pages and redeliveries as a look has. */
async function catchUpBacklog(context: Context, before: Backlog): Promise<void> {
  let backlog: Backlog | undefined = before;
  let left = maxAsked;
  for (let page = 0; page < maxPages && backlog !== undefined; page += 1) {
    const read = await readOn(context, backlog);
    if (read.missed.length > left) return;
    for (const delivery of read.missed) await ask(context, delivery);
    left -= read.missed.length;
    ({ backlog } = read);
    await keepBacklog(context, backlog);
  }
}

interface ReadOn {
  readonly missed: readonly HookDelivery[];
  /** What is left behind this page; undefined when nothing is. */
  readonly backlog: Backlog | undefined;
}

/** The next page of a backlog. */
async function readOn(context: Context, backlog: Backlog): Promise<ReadOn> {
  const endMs = Math.max(backlog.sinceMs, context.clock.nowMs() - lookBackMs);
  // GitHub sends none of them again any more, and may not know the page either.
  if (backlog.fromMs < endMs) return { missed: [], backlog: undefined };
  const { deliveries, next } = await context.github.hookDeliveries.list(backlog.next);
  const attempts = deliveries.filter(({ atMs }) => atMs >= endMs);
  const missed = await missedOf(context, attempts, backlog.cursorMs);
  const fromMs = deliveries.at(-1)?.atMs ?? backlog.fromMs;
  const isDone = next === undefined || fromMs < endMs;
  return { missed, backlog: isDone ? undefined : { ...backlog, next, fromMs } };
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
