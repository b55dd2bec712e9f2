import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { SallyportError } from '../../errors.ts';

/** Above the time that a server needs to read its log back; a starter that dies frees the lock at once. */
const TIMEOUT_MS = 90_000;
const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

async function lock(database: DatabaseSync): Promise<void> {
  const deadlineMs = performance.now() + TIMEOUT_MS;
  for (;;) {
    try {
      database.exec('begin exclusive');
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > deadlineMs) {
        throw new SallyportError('queue.unavailable', 'another process is starting Redis for long');
      }
    }
    await sleep(25);
  }
}

/**
 * Runs `action` while no other process runs one with the same `file`. SQLite's lock is the kernel's: it
 * goes with its process, so there is no stale lock file to tell from a live one.
 * @throws SallyportError `queue.unavailable` when another holds it for 90 s
 */
export async function withStartLock<T>(file: string, action: () => Promise<T>): Promise<T> {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    await lock(database);
    return await action();
  } finally {
    database.close();
  }
}
