import { randomUUID } from 'node:crypto';
import { holdLease, type LeaseHolder } from './hold-lease.ts';

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
    const mine = Promise.withResolvers<void>();
    this.#last.set(key, mine.promise);
    try {
      await before;
      return await this.#alone(key, work);
    } finally {
      mine.resolve();
      if (this.#last.get(key) === mine.promise) this.#last.delete(key);
    }
  }

  async #alone<T>(key: string, work: () => Promise<T>): Promise<T> {
    const giveBack = await holdLease(this.#holder, key);
    try {
      return await work();
    } finally {
      await giveBack();
    }
  }
}
