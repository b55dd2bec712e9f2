/** Most that are written together: bounds the statement, and how long the database is held. */
const maxGroup = 64;
/** How long what may wait does, for something that may not, ms. */
const maxWaitMs = 25;

interface Waiting<Item, Written> {
  readonly item: Item;
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes what comes at the same time together, so that it shares one commit, whose price is the disk's and
 * not the rows'. Groups are written one after the other, in the order in which their items came.
 */
export class CommitGroups<Item, Written> {
  readonly #write: (items: readonly Item[]) => Promise<readonly Written[]>;
  #waiting: Waiting<Item, Written>[] = [];
  #isDue = false;
  #timer: NodeJS.Timeout | undefined;

  /** `write` gives one answer an item, in their order, when all of them are durable. */
  constructor(write: (items: readonly Item[]) => Promise<readonly Written[]>) {
    this.#write = write;
  }

  /** Resolves when the item is written; rejects with what its group failed with. */
  add(item: Item, { mayWait }: { readonly mayWait: boolean }): Promise<Written> {
    const { promise, resolve, reject } = Promise.withResolvers<Written>();
    this.#waiting.push({ item, resolve, reject });
    if (!mayWait) this.#schedule();
    else this.#timer ??= setTimeout(() => this.#schedule(), maxWaitMs);
    return promise;
  }

  #schedule(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    // Not at once: whatever else this turn of the event loop brings goes with it.
    setImmediate(() => void this.#writeGroup());
  }

  async #writeGroup(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const group = this.#waiting.splice(0, maxGroup);
    try {
      const written = await this.#write(group.map(({ item }) => item));
      for (const [index, { resolve, reject }] of group.entries()) {
        const answer = written[index];
        if (answer === undefined) reject(new Error('an item was not written'));
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
    this.#isDue = false;
    if (this.#waiting.length > 0) this.#schedule();
  }
}
