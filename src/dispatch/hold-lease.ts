import type { Clock } from '../ports/clock.ts';
import type { LeaseStore } from '../ports/leases.ts';

/** How long others wait for a holder that died, ms. */
const leaseMs = 15_000;
/** How often a living holder says so, ms. */
const beatMs = 5_000;
/** Between two looks at a name that another holds, ms. */
const lookMs = 50;

/** Where leases are kept, and who holds them. */
export interface LeaseHolder {
  readonly leases: LeaseStore;
  readonly clock: Clock;
  readonly holder: string;
}

/** A name that is held. */
export interface Held {
  /** Gives it back; never rejects. */
  readonly giveBack: () => Promise<void>;
  /**
   * Is it held still, and for a whole lease from now on? A holder that stood still for too long has lost it.
   * @throws SallyportError `store.unavailable` when it cannot be told
   */
  readonly isStillHeld: () => Promise<boolean>;
}

/**
 * Waits until no other process holds `name`, and holds it.
 * A holder that stands still for longer than its lease loses it without being told: what is done under it
 * must be safe to be done twice at once, only not wanted.
 * @throws SallyportError `store.unavailable` when it cannot be told who holds it
 */
export async function holdLease(who: LeaseHolder, name: string): Promise<Held> {
  for (;;) {
    const held = await tryHoldLease(who, name);
    if (held !== undefined) return held;
    await who.clock.after(lookMs);
  }
}

/**
 * Like `holdLease`, without waiting: undefined when another process holds the name.
 * @throws SallyportError `store.unavailable` when it cannot be told who holds it
 */
export async function tryHoldLease(
  { leases, clock, holder }: LeaseHolder,
  name: string,
): Promise<Held | undefined> {
  const take = (): Promise<boolean> => {
    const nowMs = clock.nowMs();
    return leases.take({ name, holder, nowMs, untilMs: nowMs + leaseMs });
  };
  if (!(await take())) return undefined;
  const ended = new AbortController();
  const beating = (async (): Promise<void> => {
    for (;;) {
      await clock.after(beatMs, ended.signal);
      if (ended.signal.aborted) return;
      await quietly(take);
    }
  })();
  const giveBack = async (): Promise<void> => {
    ended.abort();
    await beating;
    await quietly(() => leases.release(name, holder));
  };
  return { giveBack, isStillHeld: take };
}

/** A store that is away fails the work itself; a lease that is not given back runs out. */
async function quietly(step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch {
    // Nothing is lost but a few seconds of somebody's waiting.
  }
}
