/**
 * Lets what is done for one key happen one after the other, in the order in which it was asked for.
 * Two jobs for one task in one process would both look for its review on GitHub, both find none and both
 * post it. Other processes are kept away by job ids and by the patience of `reconcile`.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `work` when everything asked for under `key` before has ended, however it ended. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const mine = Promise.withResolvers<void>();
    this.#last.set(key, mine.promise);
    try {
      await before;
      return await work();
    } finally {
      mine.resolve();
      if (this.#last.get(key) === mine.promise) this.#last.delete(key);
    }
  }
}
