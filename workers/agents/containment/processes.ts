import { statSync } from 'node:fs';
import { listed } from './ask.ts';

/** Processes of the sandbox that this user does not own, or that started this agent. */
export function otherProcesses(): number[] {
  const me = process.getuid?.();
  return listed('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .filter((pid) => pid === 1 || pid === process.ppid || ownerOf(pid) !== me);
}

function ownerOf(pid: number): number | undefined {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
}
