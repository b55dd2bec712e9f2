import { SallyportError } from '../errors.ts';
import type { RunningSandbox, Sandbox, SandboxSpec } from '../ports/sandbox.ts';
import { AssignedSandbox } from './assigned-sandbox.ts';
import { WarmKeeper, type WarmParts } from './warm-keeper.ts';
import type { Kind, Shape } from './warm-shape.ts';
import type { Waiting } from './warm-stock.ts';

/**
 * Sandboxes, some of which have been started ahead. A task gets one that waits if that can be made into
 * exactly what was asked for; else one is started for it. Single use: what was handed out is the task's, and
 * its end is the task's end. Stands behind a guard, which decides what may be started at all.
 */
export class WarmSandboxes implements Sandbox {
  readonly #parts: WarmParts;
  readonly #keeper: WarmKeeper;

  constructor(parts: WarmParts) {
    this.#parts = parts;
    this.#keeper = new WarmKeeper(parts);
  }

  /** How many wait at this moment. */
  get waiting(): number {
    return this.#keeper.stock.waiting.length;
  }

  /** What is worth keeping warm until a task asks for something else. */
  want(shape: Shape): void {
    this.#keeper.want(shape);
  }

  /** Removes those that wait of a kind; one of it that is being started will not wait either. */
  drain(kind: Kind): void {
    this.#keeper.drain(kind);
  }

  /** Keeps as many waiting as there should be until `signal` aborts; resolves when none is left. */
  keep(signal: AbortSignal): Promise<void> {
    return this.#keeper.keep(signal);
  }

  async start(spec: SandboxSpec): Promise<RunningSandbox> {
    const started = this.#keeper.starting(spec);
    try {
      const assigned = await this.#assigned(spec);
      return assigned ?? (await this.#parts.sandbox.start(spec));
    } finally {
      started();
    }
  }

  removeOwned(ownerId: string): ReturnType<Sandbox['removeOwned']> {
    return this.#parts.sandbox.removeOwned(ownerId);
  }

  removeExpired(): ReturnType<Sandbox['removeExpired']> {
    return this.#parts.sandbox.removeExpired();
  }

  ping(): Promise<void> {
    return this.#parts.sandbox.ping();
  }

  /** Undefined when there is none, or the one that there was turned out not to be what was asked for. */
  async #assigned(spec: SandboxSpec): Promise<RunningSandbox | undefined> {
    const waiting = this.#keeper.take(spec);
    if (waiting === undefined) return undefined;
    try {
      const running = await this.#handOut(waiting, spec);
      if (running !== undefined) return running;
    } catch (err) {
      if (!(err instanceof SallyportError)) throw err;
      this.#parts.log.warn({ taskId: spec.taskId, err }, 'a waiting sandbox could not be assigned');
    }
    return undefined;
  }

  async #handOut(waiting: Waiting, spec: SandboxSpec): Promise<RunningSandbox | undefined> {
    const { sandbox, clock, isProven } = this.#parts;
    const { blank, id, sinceMs } = waiting;
    let isTheTasks = false;
    try {
      const waitedMs = clock.nowMs() - sinceMs;
      const [imageId, running] = await Promise.all([
        sandbox.imageId(spec.image),
        blank.assign(spec.limits),
      ]);
      this.#keeper.drainMoved(spec, imageId);
      // Looked at last: whatever was lost while it was made ready is seen.
      isTheTasks = blank.imageDigest === imageId && blank.isAlive() && isProven(spec);
      if (!isTheTasks) return undefined;
      const warm = { labelledAs: id, waitedMs };
      return new AssignedSandbox(running, warm);
    } finally {
      if (!isTheTasks) this.#keeper.stock.discard(waiting);
    }
  }
}
