import { DatabaseSync } from 'node:sqlite';
import { SallyportError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';

/** How often a waiting process looks again whether another process has let go. */
const pollMs = 50;

/** SQLite's result code for a lock held elsewhere: https://www.sqlite.org/rescode.html#busy */
const sqliteBusy = 5;

/**
 * One writer per lock file, across tasks, processes and containers that share the folder.
 * The lock is SQLite's own on an empty database, that is a lock of the kernel: it is gone the
 * moment its holder is, however it ended. A file with a pid in it would need guessing (pids are
 * reused, and mean something else in another container). Needs a local file system, as git does.
 */
export class MirrorLock {
  readonly #clock: Clock;
  /** The last holder or waiter of each file in this process: waiters queue up instead of polling. */
  readonly #tails = new Map<string, Promise<void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `work` while no one else holds `file`. Rejects with the signal's reason while waiting. */
  async hold<T>(file: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const before = this.#tails.get(file) ?? Promise.resolve();
    const tail = before.then(() => released);
    this.#tails.set(file, tail);
    try {
      await untilAborted(before, signal);
      return await this.#holdFile(file, signal, work);
    } finally {
      release();
      if (this.#tails.get(file) === tail) this.#tails.delete(file);
    }
  }

  /** Runs `work` if nobody holds `file` now; does nothing otherwise. */
  async tryHold(file: string, work: () => Promise<void>): Promise<void> {
    if (this.#tails.has(file)) return;
    using database = openLock(file);
    if (tryLock(database)) await work();
  }

  async #holdFile<T>(file: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    using database = openLock(file);
    while (!tryLock(database)) {
      await this.#clock.after(pollMs, signal);
      signal.throwIfAborted();
    }
    return await work();
  }
}

function openLock(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: 0 });
  } catch (cause) {
    throw new SallyportError('git.failed', 'the lock file of the mirror cannot be opened', {
      cause,
    });
  }
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (cause) {
    if ((cause as { errcode?: unknown }).errcode === sqliteBusy) return false;
    throw new SallyportError('git.failed', 'the mirror cannot be locked', { cause });
  }
}

/** `promise`, or a rejection with the signal's reason when that comes first. */
async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(asError(signal.reason));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
