import { readFileSync } from 'node:fs';

/**
 * When a process started, in clock ticks since boot (field 22 of proc(5) `stat`), or undefined when
 * there is no such process. With the pid it names one process for good: pids come back.
 */
export function startTicks(pid: number): string | undefined {
  const stat = readProc(pid, 'stat');
  // The second field is the program's name in brackets and may itself hold spaces and brackets.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isGone = fields === undefined || fields[0] === 'Z' || fields[0] === 'X';
  return isGone ? undefined : fields[19];
}

/** The command line of a running process, or undefined when there is none. */
export function argumentsOf(pid: number): readonly string[] | undefined {
  if (startTicks(pid) === undefined) return undefined;
  return readProc(pid, 'cmdline')?.split('\0').slice(0, -1);
}

function readProc(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch (error) {
    // ENOENT before, ESRCH while we read: the process ended.
    if (
      error instanceof Error &&
      'code' in error &&
      (error.code === 'ENOENT' || error.code === 'ESRCH')
    ) {
      return undefined;
    }
    throw error;
  }
}
