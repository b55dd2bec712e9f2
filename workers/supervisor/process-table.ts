import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const dyingMs = 5;
/** How long killed processes may take to die; one of them may have a gigabyte to give back. */
const maxDyingMs = 20_000;

/**
 * Kills every process of the sandbox but the supervisor and init, and waits until all are dead.
 * `kill(-1)` is one step in the kernel: nothing can fork away from it.
 * @throws when one is still alive after 20 s; what it might write could not be trusted to stand still.
 */
export async function killEverythingElse(): Promise<void> {
  const deadline = performance.now() + maxDyingMs;
  for (;;) {
    signalAll();
    if (!otherProcesses().some(isAlive)) return;
    if (performance.now() > deadline) throw new Error('a process of the agent does not die');
    await pause(dyingMs);
  }
}

function signalAll(): void {
  try {
    process.kill(-1, 'SIGKILL');
  } catch (error) {
    // ESRCH: nobody is left. Anything else means that we may not kill, and that must be known.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function otherProcesses(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 1 && pid !== process.pid);
}

/** Dead: gone, a zombie, or on its way out of the table. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, in parentheses, is the process's own choice: the state comes after the last one.
    const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    return !['Z', 'X', 'x'].includes(state);
  } catch {
    return false;
  }
}
