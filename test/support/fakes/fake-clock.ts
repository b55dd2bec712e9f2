import type { Clock } from '../../../src/ports/clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly ring: () => void;
}

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #nowMs: number;
  #timers: Timer[] = [];

  constructor(nowMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const timer: Timer = {
        dueMs: this.#nowMs + ms,
        ring: () => {
          this.#timers = this.#timers.filter((other) => other !== timer);
          signal?.removeEventListener('abort', timer.ring);
          resolve();
        },
      };
      signal?.addEventListener('abort', timer.ring, { once: true });
      this.#timers.push(timer);
    });
  }

  /** How many waits are pending? */
  get waiting(): number {
    return this.#timers.length;
  }

  /** Moves time on by `ms`, ringing what falls due in order and letting each continuation run. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settle();
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.ring();
      await settle();
    }
    this.#nowMs = untilMs;
  }

  #next(untilMs: number): Timer | undefined {
    return this.#timers
      .filter((timer) => timer.dueMs <= untilMs)
      .sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}

/** Lets promise continuations that are ready run; takes no time on any clock a test looks at. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
