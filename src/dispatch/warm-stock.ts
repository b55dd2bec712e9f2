import type { TaskId } from '../domain/ids.ts';
import type { BlankSandbox } from '../ports/blank-sandbox.ts';
import type { Log } from '../ports/log.ts';
import { fits, type Shape } from './warm-shape.ts';

/** One blank sandbox, and since when it waits. */
export interface Waiting {
  readonly blank: BlankSandbox;
  /** What its container is labelled with. */
  readonly id: TaskId;
  readonly shape: Shape;
  readonly sinceMs: number;
}

/**
 * The blank sandboxes of a runner. Each is in one place: it waits here, it has been taken, or it is being
 * removed. What has left never comes back.
 */
export class WarmStock {
  readonly #log: Log;
  readonly #waiting = new Set<Waiting>();
  /** What could not be removed stays here and is tried again. */
  readonly #unwanted = new Map<Waiting, Promise<void>>();

  constructor(log: Log) {
    this.#log = log;
  }

  get waiting(): readonly Waiting[] {
    return [...this.#waiting];
  }

  add(waiting: Waiting): void {
    this.#waiting.add(waiting);
  }

  /** The one that has waited longest of those that fit and are in order; it is the caller's alone. */
  take(shape: Shape, mayUse: (waiting: Waiting) => boolean): Waiting | undefined {
    this.drain((one) => !mayUse(one));
    const found = this.waiting.find((one) => fits(one.shape, shape));
    if (found !== undefined) this.#waiting.delete(found);
    return found;
  }

  /** Removes those that `isUnwanted`; nobody waits for it. */
  drain(isUnwanted: (waiting: Waiting) => boolean): void {
    for (const one of this.waiting.filter(isUnwanted)) {
      this.#waiting.delete(one);
      this.discard(one);
    }
  }

  /** Removes one, now or when it is tried again. */
  discard(waiting: Waiting): void {
    const gone = this.#remove(waiting);
    this.#unwanted.set(waiting, gone);
  }

  async #remove(waiting: Waiting): Promise<void> {
    try {
      await waiting.blank.destroy();
      this.#unwanted.delete(waiting);
    } catch (err) {
      this.#log.warn({ err }, 'a waiting sandbox could not be removed yet');
    }
  }

  /** Tries again what could not be removed. Resolves when that has come to an end, either way. */
  async clear(): Promise<void> {
    await Promise.all(this.#unwanted.values());
    for (const waiting of this.#unwanted.keys()) this.discard(waiting);
    await Promise.all(this.#unwanted.values());
  }

  /** How many are still to be removed. */
  get unwanted(): number {
    return this.#unwanted.size;
  }
}
