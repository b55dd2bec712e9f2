import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

/** How often a taken lock is tried again. */
const RETRY_MS = 50;

/** Longer than any holder needs to start an engine (30 s) or to stop one (20 s). */
const GIVE_UP_MS = 120_000;

/**
 * Takes a lock that one process on this machine holds at a time; returns what gives it back.
 *
 * An exclusive SQLite transaction, because its file lock is the kernel's: it ends with its process,
 * so there is never a stale lock to break and no race in breaking one.
 *
 * @throws Error when the lock stays taken for two minutes.
 */
export async function takeLock(file: string, giveUpMs: number = GIVE_UP_MS): Promise<() => void> {
  for (let waitedMs = 0; waitedMs <= giveUpMs; waitedMs += RETRY_MS) {
    const release = tryLock(file, 0);
    if (release !== undefined) return release;
    await delay(RETRY_MS);
  }
  throw new Error(
    `another process has held ${file} for ${giveUpMs / 1_000} s; end it and run again`,
  );
}

/** Takes the lock now, blocking for at most `waitMs`; undefined when another process keeps it. */
export function tryLock(file: string, waitMs: number): (() => void) | undefined {
  const database = new DatabaseSync(file, { timeout: waitMs });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return () => database.close();
}

function isBusy(error: unknown): boolean {
  // SQLITE_BUSY: https://www.sqlite.org/rescode.html#busy
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}
