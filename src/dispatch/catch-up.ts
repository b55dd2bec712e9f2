import { catchUpDeliveries } from './catch-up-deliveries.ts';
import { catchUpHeads } from './catch-up-heads.ts';
import type { Context } from './context.ts';
import { endOverdue } from './end-overdue.ts';
import { endVoid, endVoidEveryMs } from './end-void.ts';
import { tellExpired } from './tell-expired.ts';

/** One of the looks for what was missed: how often, in ms, for all processes together. */
interface Look {
  readonly name: string;
  readonly everyMs: number;
  readonly work: (context: Context) => Promise<void>;
}

const looks: readonly Look[] = [
  // A page or two of GitHub's list.
  { name: 'look-at-deliveries', everyMs: 2 * 60_000, work: catchUpDeliveries },
  // A request for each repository, and a few for commits.
  { name: 'look-at-heads', everyMs: 30 * 60_000, work: catchUpHeads },
  { name: 'look-at-overdue', everyMs: 5 * 60_000, work: endOverdue },
  { name: 'look-at-approvals', everyMs: 5 * 60_000, work: tellExpired },
  { name: 'look-at-void', everyMs: endVoidEveryMs, work: endVoid },
];

/** How often a process asks whether it is time again. */
const askEveryMs = 30_000;
/** At a start everything is looked at, but not once more by each of the processes that start together. */
const startGapMs = 1_000;

/** Looks for what was missed, now and then on a schedule, until `stopping` aborts. */
export async function keepCatchingUp(context: Context, stopping: AbortSignal): Promise<void> {
  await catchUp(context, () => startGapMs);
  while (!stopping.aborted) {
    await context.clock.after(askEveryMs, stopping);
    if (!stopping.aborted) await catchUp(context, ({ everyMs }) => everyMs);
  }
}

/** Does each look whose last turn, by whichever process, was `gapOf` ago. What fails is told, and comes again. */
async function catchUp(context: Context, gapOf: (look: Look) => number): Promise<void> {
  for (const look of looks) {
    try {
      if (await takeTurn(context, look.name, gapOf(look))) await look.work(context);
    } catch (error) {
      context.log.error({ err: error, look: look.name }, 'a look for what was missed failed');
    }
  }
}

async function takeTurn({ store, clock }: Context, name: string, gapMs: number): Promise<boolean> {
  const lastMs = await store.cursors.at(name);
  const nowMs = clock.nowMs();
  return nowMs - lastMs >= gapMs && (await store.cursors.move(name, lastMs, nowMs));
}
