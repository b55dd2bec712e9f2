import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTicks } from './processes.ts';

/** `<pid>-<start ticks>-<random>`: the process that holds it, told apart from a later one of that pid. */
const LEASE_NAME = /^(\d+)-(\d+)-[a-z0-9]+$/;

/**
 * Notes that this process uses the engine. Call with the lock held.
 *
 * @returns the lease's file, to hand to `dropLease`.
 */
export function takeLease(folder: string, pid: number = process.pid): string {
  mkdirSync(folder, { recursive: true });
  // Several users in one process (demo and tests in one) each hold their own.
  const suffix = randomUUID().slice(0, 8);
  const file = join(folder, `${pid}-${startTicks(pid) ?? '0'}-${suffix}`);
  writeFileSync(file, '', { flag: 'wx' });
  return file;
}

/** Gives a lease back; does nothing when that has been done. Call with the lock held. */
export function dropLease(file: string): void {
  rmSync(file, { force: true });
}

/** Removes the leases of processes that ended without giving theirs back; returns how many are left. */
export function sweepLeases(folder: string): number {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(folder);
  const dead = names.filter((name) => !isHeld(name));
  for (const name of dead) rmSync(join(folder, name), { force: true });
  return names.length - dead.length;
}

function isHeld(name: string): boolean {
  const [, pid, ticks] = LEASE_NAME.exec(name) ?? [];
  return pid !== undefined && startTicks(Number(pid)) === ticks;
}
