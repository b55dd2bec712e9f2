import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type EngineFolders, engineFolders } from './engine-folders.ts';
import { dropLease, sweepLeases, takeLease } from './engine-leases.ts';
import { takeLock, tryLock } from './engine-lock.ts';
import { removeMounts, signalStop, startPrivateEngine, untilEnded } from './private-engine.ts';

/** A Docker Engine to use until `release`. */
export type Engine = {
  /** Absolute path of its unix socket. */
  readonly socketPath: string;
  /** Whether the set-up started it: then the last process to release it stops it. */
  readonly startedByUs: boolean;
  /** Gives it back. Safe to call more than once; an engine that we did not start is left alone. */
  release(): Promise<void>;
};

/** An engine that runs anyway: used, and never configured, stopped or cleaned up. */
export function foreignEngine(socketPath: string): Engine {
  return { socketPath, startedByUs: false, release: () => Promise.resolve() };
}

/**
 * This user's own engine, started if it does not run. Every process that uses it holds a lease; the
 * last one out stops it, and a process that was killed is not waited for.
 *
 * @throws Error when it does not come up.
 */
export async function leasePrivateEngine(
  folders: EngineFolders = engineFolders(),
): Promise<Engine> {
  mkdirSync(folders.root, { recursive: true, mode: 0o700 });
  const unlock = await takeLock(folders.lockFile);
  try {
    await startPrivateEngine(folders);
    return leaseHolder(folders, takeLease(folders.leases));
  } finally {
    unlock();
  }
}

function leaseHolder(folders: EngineFolders, lease: string): Engine {
  let isReleased = false;
  const onExit = (): void => leaveAtExit(folders, lease);
  process.once('exit', onExit);
  const release = async (): Promise<void> => {
    if (isReleased) return;
    isReleased = true;
    process.removeListener('exit', onExit);
    await leave(folders, lease);
  };
  return { socketPath: folders.socketPath, startedByUs: true, release };
}

/** The lock is held until the engine is gone, so that nobody takes a lease on one that is stopping. */
async function leave(folders: EngineFolders, lease: string): Promise<void> {
  const unlock = await takeLock(folders.lockFile);
  try {
    const stopping = stopIfLast(folders, lease);
    if (stopping === undefined || !(await untilEnded(stopping))) return;
    await removeMounts(folders);
  } finally {
    unlock();
  }
}

/** For a process that ends without releasing. Cannot wait: the note tells the next one to. */
function leaveAtExit(folders: EngineFolders, lease: string): void {
  const unlock = tryLock(folders.lockFile, 2_000);
  if (unlock === undefined) return;
  const stopping = stopIfLast(folders, lease);
  if (stopping !== undefined) writeFileSync(folders.stoppingFile, `${stopping}`);
  unlock();
}

function stopIfLast(folders: EngineFolders, lease: string): number | undefined {
  dropLease(lease);
  if (sweepLeases(folders.leases) > 0) return undefined;
  return signalStop(folders, Number(readFileSync(folders.pidFile, 'utf8')));
}
