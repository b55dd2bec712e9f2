import { randomBytes } from 'node:crypto';
import { taskIdFor } from '../domain/ids.ts';
import { hasCode } from '../errors.ts';
import type { BlankSandboxes } from '../ports/blank-sandbox.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import { fits, isSameKind, type Kind, nameOf, type Shape } from './warm-shape.ts';
import { type Waiting, WarmStock } from './warm-stock.ts';

/** A task that has just been started needs the processors more than the next one, ms. */
const quietMs = 1_000;
/** How often it is looked whether what waits is still what should wait, ms. */
const lookEveryMs = 30_000;
/** After a fault it waits this long, after the next one twice as long, ms. */
const firstBackoffMs = 1_000;
const longestBackoffMs = 5 * 60_000;

/** Of so many kinds sandboxes wait, those that were asked for last: each holds memory. */
const mostKinds = 3;

/** How many sandboxes wait, and how long. */
export interface WarmSize {
  /** Of one kind; 0: none ever waits. */
  readonly sandboxes: number;
  readonly maxAgeMs: number;
}

/** What the warm sandboxes of a runner work with. */
export interface WarmParts {
  readonly sandbox: Sandbox & BlankSandboxes;
  readonly clock: Clock;
  readonly log: Log;
  readonly size: WarmSize;
  /** Is this kind proven on this runner? Only then one waits, and only then one is handed out. */
  readonly isProven: (kind: Kind) => boolean;
}

/** Keeps the stock as it should be: starts what is missing, one at a time, and removes what is not wanted. */
export class WarmKeeper {
  readonly stock: WarmStock;
  readonly #parts: WarmParts;
  /** One of a kind, the one that was asked for last at the end. */
  #wanted: readonly Shape[] = [];
  /** How often each kind was drained, by its name. */
  readonly #drains = new Map<string, number>();
  #wake = new AbortController();
  #starting = 0;
  #notBeforeMs = 0;
  #faults = 0;
  #isStopped = false;

  constructor(parts: WarmParts) {
    this.#parts = parts;
    this.stock = new WarmStock(parts.log);
  }

  want({ ownerId, image, runtime, limits }: Shape): void {
    const shape = { ownerId, image, runtime, limits };
    const others = this.#wanted.filter((one) => !isSameKind(one, shape));
    this.#wanted = [...others, shape].slice(-mostKinds);
  }

  /** A task is being started; what is returned says that it has, or has failed to. */
  starting(shape: Shape): () => void {
    this.want(shape);
    this.#starting += 1;
    return () => {
      this.#starting -= 1;
      this.#waitUntil(quietMs);
      this.#wake.abort();
    };
  }

  take(shape: Shape): Waiting | undefined {
    if (this.#isStopped || !this.#parts.isProven(shape)) return undefined;
    const taken = this.stock.take(shape, (one) => this.#isSound(one));
    if (taken !== undefined) this.#faults = 0;
    return taken;
  }

  drain(kind: Kind): void {
    this.#drains.set(nameOf(kind), this.#drainsOf(kind) + 1);
    this.stock.drain(({ shape }) => isSameKind(shape, kind));
  }

  /** Removes those of a kind whose image is not what its name leads to now. */
  drainMoved(kind: Kind, imageId: string): void {
    this.stock.drain(
      ({ shape, blank }) => isSameKind(shape, kind) && blank.imageDigest !== imageId,
    );
  }

  async keep(signal: AbortSignal): Promise<void> {
    const { clock, size } = this.#parts;
    if (size.sandboxes === 0) return;
    while (!signal.aborted) {
      const waitMs = await this.#look(signal);
      await clock.after(waitMs, AbortSignal.any([signal, this.#wake.signal]));
      if (this.#wake.signal.aborted) this.#wake = new AbortController();
    }
    this.#isStopped = true;
    this.stock.drain(() => true);
    await this.stock.clear();
    const { unwanted } = this.stock;
    if (unwanted > 0) this.#parts.log.error({ unwanted }, 'waiting sandboxes are left behind');
  }

  /** One round; returns after how many ms the next one is due. */
  async #look(signal: AbortSignal): Promise<number> {
    try {
      await this.stock.clear();
      this.stock.drain((one) => !this.#isSound(one) || !this.#isWanted(one));
      for (const shape of this.#wanted) {
        if (!this.#parts.isProven(shape)) continue;
        if (!(await this.#hasImage(shape))) continue;
        if (!this.#isShort(shape) || signal.aborted) continue;
        const waitMs = this.#starting > 0 ? lookEveryMs : this.#notBeforeMs - this.#nowMs();
        if (waitMs > 0) return waitMs;
        await this.#fill(shape);
        return 0;
      }
    } catch (err) {
      this.#fault();
      this.#parts.log.warn({ err }, 'no sandbox could be started ahead; trying again later');
      return this.#notBeforeMs - this.#nowMs();
    }
    return lookEveryMs;
  }

  /** Drains what is of another image than the name leads to. Nothing waits of one that is not there any more. */
  async #hasImage(shape: Shape): Promise<boolean> {
    try {
      this.drainMoved(shape, await this.#parts.sandbox.imageId(shape.image));
      return true;
    } catch (err) {
      if (!hasCode(err, 'engine.missing-image')) throw err;
      this.#wanted = this.#wanted.filter((one) => !isSameKind(one, shape));
      this.stock.drain((one) => isSameKind(one.shape, shape));
      return false;
    }
  }

  async #fill(shape: Shape): Promise<void> {
    const { sandbox, size } = this.#parts;
    const id = taskIdFor(randomBytes(16).toString('hex'), 'warm');
    const drainsBefore = this.#drainsOf(shape);
    // Under the ceilings of the last task: the next one mostly asks for the same, and to change them takes the
    // engine as long as all the rest of an assignment. Nothing but the supervisor runs until then.
    const waitMs = size.maxAgeMs;
    const blank = await sandbox.startBlank({ ...shape, taskId: id, waitMs });
    const waiting = { blank, id, shape, sinceMs: this.#nowMs() };
    if (this.#drainsOf(shape) !== drainsBefore) this.stock.discard(waiting);
    else this.stock.add(waiting);
    void blank.ended().then(() => this.#died(waiting));
  }

  /** One that ends while it waits is a fault like one that cannot be started: the next will do the same. */
  #died(waiting: Waiting): void {
    if (!this.stock.waiting.includes(waiting)) return;
    this.stock.drain((one) => one === waiting);
    this.#fault();
    this.#parts.log.warn({ runtime: waiting.shape.runtime }, 'a sandbox ended while it waited');
    this.#wake.abort();
  }

  #isSound({ blank, sinceMs, shape }: Waiting): boolean {
    const { size, isProven } = this.#parts;
    return blank.isAlive() && this.#nowMs() - sinceMs < size.maxAgeMs && isProven(shape);
  }

  #isWanted({ shape }: Waiting): boolean {
    return this.#wanted.some((wanted) => fits(shape, wanted));
  }

  #isShort(wanted: Shape): boolean {
    const { waiting } = this.stock;
    const had = waiting.filter(({ shape }) => isSameKind(shape, wanted)).length;
    return had < this.#parts.size.sandboxes;
  }

  #fault(): void {
    const backoffMs = Math.min(firstBackoffMs * 2 ** this.#faults, longestBackoffMs);
    this.#faults += 1;
    this.#waitUntil(backoffMs);
  }

  #waitUntil(ms: number): void {
    this.#notBeforeMs = Math.max(this.#notBeforeMs, this.#nowMs() + ms);
  }

  #drainsOf(kind: Kind): number {
    return this.#drains.get(nameOf(kind)) ?? 0;
  }

  #nowMs(): number {
    return this.#parts.clock.nowMs();
  }
}
