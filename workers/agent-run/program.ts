import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { LineSplitter } from './line-splitter.ts';
import { TextTail } from './text-tail.ts';

/** How long a program has after SIGTERM; the supervisor gives its agent two seconds more. */
const graceMs = 3_000;

/** How long the output of a program that has ended may go on. */
const leftoverMs = 1_000;

/** A program, where it runs and what it is given. */
export interface ProgramOrder {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly onLine: (line: string) => void;
  /** Most bytes that are kept of what it writes to stderr; default 2 KiB. */
  readonly tailBytes?: number;
  /** Are the lines of stdout to be in that tail too? */
  readonly hasOutputInTail?: boolean;
  /** When it fires the program is to end. */
  readonly signal: AbortSignal;
}

export interface ProgramEnd {
  /** Null: ended by a signal, or never started. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote to stderr. Hostile. */
  readonly tail: string;
  /** Why it did not start. */
  readonly startError?: string;
}

/**
 * Runs a program as a process group of its own, to its end; what is left of the group then is killed. A program that
 * was asked to end and does not is killed after three seconds.
 */
export async function runProgram(order: ProgramOrder): Promise<ProgramEnd> {
  const tail = new TextTail(order.tailBytes ?? 2 * 1024);
  let child: ChildProcessWithoutNullStreams;
  try {
    child = start(order);
  } catch (error) {
    return { exitCode: null, signal: null, tail: '', startError: (error as Error).message };
  }
  const lines = new LineSplitter(order.onLine);
  child.stdout.on('data', (chunk: Buffer) => {
    lines.take(chunk);
    if (order.hasOutputInTail === true) tail.take(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => tail.take(chunk));
  // It may end before it has read all: that is told by how it ended.
  child.stdin.on('error', () => undefined);
  child.stdin.end(order.stdin);
  const stop = stopOn(order.signal, child);
  const end = await ended(child);
  stop();
  lines.end();
  return { ...end, tail: tail.text() };
}

/** @throws for what is no program by its name alone, such as a link to itself; that there is none is told later. */
function start({ argv, cwd, env }: ProgramOrder): ChildProcessWithoutNullStreams {
  const [file, ...args] = argv;
  return spawn(file, args, {
    cwd,
    env: { ...env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** Resolves when the program and its output have ended. */
function ended(child: ChildProcess): Promise<Omit<ProgramEnd, 'tail'>> {
  return new Promise((resolve) => {
    child.once('error', (error) =>
      resolve({ exitCode: null, signal: null, startError: error.message }),
    );
    child.once('exit', () => {
      kill(child, 'SIGKILL');
      // A child that left the group may hold the pipes open.
      const timer = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, leftoverMs);
      child.once('close', () => clearTimeout(timer));
    });
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

/** Ends the group when `signal` fires. Returns what ends the waiting. */
function stopOn(signal: AbortSignal, child: ChildProcess): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    kill(child, 'SIGTERM');
    timer = setTimeout(() => kill(child, 'SIGKILL'), graceMs);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return () => {
    signal.removeEventListener('abort', stop);
    clearTimeout(timer);
  };
}

function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nothing of the group is left.
  }
}
