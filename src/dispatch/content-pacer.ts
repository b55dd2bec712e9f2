import type { RepositoryRef } from '../domain/repository.ts';
import { SallyportError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { ContentPace } from '../ports/content-pace.ts';
import type { Log } from '../ports/log.ts';

/** What pacing works with. */
export interface PacingParts {
  readonly pace: ContentPace;
  readonly clock: Clock;
  readonly log: Log;
}

/** Longest wait for room here, ms; a longer one is left to the queue, which holds no worker meanwhile. */
const maxWaitMs = 10_000;
/** Longest time for which one answer of GitHub's stops an installation, ms: as long as its longest limit. */
const maxBlockMs = 3_600_000;

/** Lets writes to GitHub through as fast as GitHub takes them, over all processes. */
export class ContentPacer {
  readonly #parts: PacingParts;

  constructor(parts: PacingParts) {
    this.#parts = parts;
  }

  /**
   * Creates one piece of content once there is room for it.
   * @throws SallyportError `github.unavailable` with `retryAfterMs` when there is none soon; `store.unavailable` when
   *   nobody can say, and nothing is created then
   */
  async create<T>(repository: RepositoryRef, effect: () => Promise<T>): Promise<T> {
    await this.#takeRoom(repository.installationId);
    return this.heed(repository, effect);
  }

  /** Any other write: it takes no room, but when GitHub says to stop, content stops as well. */
  async heed<T>({ installationId }: RepositoryRef, effect: () => Promise<T>): Promise<T> {
    try {
      return await effect();
    } catch (error) {
      if (error instanceof SallyportError && error.retryAfterMs !== null) {
        await this.#block(installationId, error.retryAfterMs);
      }
      throw error;
    }
  }

  async #takeRoom(installationId: number): Promise<void> {
    const { pace, clock } = this.#parts;
    const untilMs = clock.nowMs() + maxWaitMs;
    for (;;) {
      const nowMs = clock.nowMs();
      const retryAfterMs = await pace.take(installationId, nowMs);
      if (retryAfterMs === 0) return;
      if (nowMs + retryAfterMs > untilMs) {
        const message = 'as much content as GitHub takes was created';
        throw new SallyportError('github.unavailable', message, { retryAfterMs });
      }
      await clock.after(retryAfterMs);
    }
  }

  /** GitHub's own answer is what counts: it is not lost over a store that is away. */
  async #block(installationId: number, forMs: number): Promise<void> {
    const { pace, clock, log } = this.#parts;
    try {
      await pace.block(installationId, clock.nowMs() + Math.min(forMs, maxBlockMs));
    } catch (error) {
      log.warn({ installationId, err: error }, 'other processes do not learn of a rate limit');
    }
  }
}
