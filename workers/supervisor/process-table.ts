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

/**
 * Kills every traced process and lets `tracer` write down how each of them ended. While it stands still,
 * so does everything that wants to fork or execute: what is killed one by one cannot get away by forking.
 * They may be dying when this resolves: the last step of a traced process can wait for its tracer.
 */
export async function endTraced(tracer: { readonly pid?: number | undefined }): Promise<void> {
  const done = new Set([tracer.pid]);
  if (tracer.pid !== undefined) signal(tracer.pid, 'SIGSTOP');
  // Twice nobody new: a fork that was under way is in the table by then.
  for (let looks = 0; looks < 2; looks += 1) {
    const found = otherProcesses().filter((pid) => !done.has(pid));
    for (const pid of found) {
      signal(pid, 'SIGKILL');
      done.add(pid);
    }
    if (found.length > 0) looks = 0;
    await pause(dyingMs);
  }
  if (tracer.pid !== undefined) signal(tracer.pid, 'SIGCONT');
}

function signalAll(): void {
  signal(-1, 'SIGKILL');
}

/** To one that is there, or was a moment ago. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
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
