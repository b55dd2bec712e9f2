import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Clock } from '../../ports/clock.ts';

/** How far a program is waited for. */
export interface Patience {
  readonly clock: Clock;
  readonly patienceMs: number;
  readonly maxBytes: number;
}

/**
 * What a program prints on its stdout; undefined where it cannot be started, ends with anything but 0, takes too long
 * or prints too much. Of the last two nothing goes on running: a shell's `a | b` is three processes. No shell reads the
 * line, and what it says on stderr is dropped unread.
 */
export async function outputOf(
  [program = '', ...args]: readonly string[],
  patience: Patience,
): Promise<string | undefined> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    // Its own process group, so that killing it takes along what it started.
    detached: true,
  });
  const pieces: Buffer[] = [];
  const ended = new AbortController();
  try {
    const exitCode = await new Promise<number | null>((resolve) => {
      const giveUp = (): void => {
        killGroup(child.pid);
        // Who has left the group may hold it open.
        child.stdout.destroy();
        resolve(null);
      };
      collect(child.stdout, pieces, { maxBytes: patience.maxBytes, giveUp });
      child.once('error', () => resolve(null)).once('close', resolve);
      void whenLate(patience, ended.signal, giveUp);
    });
    return exitCode === 0 ? Buffer.concat(pieces).toString('utf8') : undefined;
  } finally {
    ended.abort();
  }
}

function collect(
  stdout: Readable,
  pieces: Buffer[],
  { maxBytes, giveUp }: { readonly maxBytes: number; readonly giveUp: () => void },
): void {
  let bytes = 0;
  stdout.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > maxBytes) giveUp();
    else pieces.push(piece);
  });
}

async function whenLate(
  { clock, patienceMs }: Patience,
  ended: AbortSignal,
  giveUp: () => void,
): Promise<void> {
  await clock.after(patienceMs, ended);
  if (!ended.aborted) giveUp();
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already, or is another user's by now: no more can be done about it.
  }
}
