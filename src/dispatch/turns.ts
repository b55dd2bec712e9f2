import { randomUUID } from 'node:crypto';
import { type Held, holdLease, type LeaseHolder, tryHoldLease } from './hold-lease.ts';

/** What came of asking for a turn without waiting for it. */
export type TriedTurn<T> = { readonly taken: true; readonly result: T } | { readonly taken: false };

/**
 * Lets what is done for one key happen one after the other, in every process on the same store, and in this
 * one in the order in which it was asked for. Two jobs for one task would both look for its review on
 * GitHub, both find none and both post it; two tasks that fit a budget alone may not fit together.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();
  readonly #holder: LeaseHolder;

  constructor(where: Omit<LeaseHolder, 'holder'>) {
    this.#holder = { ...where, holder: randomUUID() };
  }

  /** Runs `work` when everything asked for under `key` before has ended, however it ended. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    return this.#inLine(key, async () => {
      await before;
      return alone(await holdLease(this.#holder, key), work);
    });
  }

  /**
   * Runs `work` if nobody has the turn or waits for it, here or in another process; never waits for one. `work` may ask
   * whether the turn is still its own, before what must not be done by two.
   */
  async tryTake<T>(
    key: string,
    work: (isStillMine: Held['isStillHeld']) => Promise<T>,
  ): Promise<TriedTurn<T>> {
    if (this.#last.has(key)) return { taken: false };
    return this.#inLine<TriedTurn<T>>(key, async () => {
      const held = await tryHoldLease(this.#holder, key);
      if (held === undefined) return { taken: false };
      const result = await alone(held, () => work(held.isStillHeld));
      return { taken: true, result };
    });
  }

  /** What is asked for meanwhile comes after `step`. */
  async #inLine<T>(key: string, step: () => Promise<T>): Promise<T> {
    const mine = Promise.withResolvers<void>();
    this.#last.set(key, mine.promise);
    try {
      return await step();
    } finally {
      mine.resolve();
      if (this.#last.get(key) === mine.promise) this.#last.delete(key);
    }
  }
}

async function alone<T>({ giveBack }: Held, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await giveBack();
  }
}
