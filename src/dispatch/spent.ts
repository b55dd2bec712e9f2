import { largerOf, noPeaks, type Peaks } from '../domain/peaks.ts';
import type { Clock } from '../ports/clock.ts';
import { stageShareMs } from './share-time.ts';

/** Less time than this is none: a sandbox would not even have its input, ms. */
const leastMs = 1_000;

/** What the stages of one task have used together: its time is theirs. */
export class Spent {
  readonly #clock: Clock;
  #ms = 0;
  #peaks: Peaks = noPeaks;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get ms(): number {
    return this.#ms;
  }

  /** The most of each that one of them used. */
  get peaks(): Peaks {
    return this.#peaks;
  }

  /** An equal part of what is left of `wallClockMs`, with `followers` more to come; undefined: not worth a start. */
  shareMs(wallClockMs: number, followers: number): number | undefined {
    const share = stageShareMs(wallClockMs - this.#ms, followers);
    return share < leastMs ? undefined : share;
  }

  see(peaks: Peaks): void {
    this.#peaks = largerOf(this.#peaks, peaks);
  }

  /** Counts how long `work` takes, however it ends. */
  async timed<T>(work: () => Promise<T>): Promise<T> {
    const startedAtMs = this.#clock.nowMs();
    try {
      return await work();
    } finally {
      this.#ms += this.#clock.nowMs() - startedAtMs;
    }
  }
}
