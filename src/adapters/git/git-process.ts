import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { SallyportError } from '../../errors.ts';
import type { GitConfig, Transport } from './environment.ts';
import { gitEnvironment } from './environment.ts';

/** One git process. Arguments are passed as they are: no shell is involved anywhere. */
export interface GitCall {
  readonly binary: string;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  readonly transport?: Transport;
  readonly config?: GitConfig;
  /** What it reads on its standard input, where all of its output is taken. */
  readonly input?: string;
  /** Added to the fixed environment, over it. Values of ours only. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** How a git process ended. `stderr` is for classifying only: it may quote a hostile server. */
export interface GitEnd {
  readonly exitCode: number | null;
  readonly stderr: string;
}

/** A running git process. `ended` rejects when git cannot be started or the signal aborts. */
export interface GitProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly ended: Promise<GitEnd>;
  /** Kills git and all that it started. Safe at any time. */
  readonly kill: () => void;
}

const maxStderrBytes = 65_536;

/** Starts git with nothing but the fixed environment. */
export function startGit(call: GitCall): GitProcess {
  call.signal.throwIfAborted();
  const child = spawn(call.binary, [...call.args], {
    env: { ...gitEnvironment(call.transport ?? 'none', call.config), ...call.environment },
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
    // Its own process group, so that killing git takes its transport helpers along.
    detached: true,
  });
  const kill = (): void => killGroup(child.pid);
  // git may stop reading early; its exit code says why.
  child.stdin.on('error', () => undefined);
  return { stdin: child.stdin, stdout: child.stdout, ended: endOf(child, call.signal, kill), kill };
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

async function endOf(child: Child, signal: AbortSignal, kill: () => void): Promise<GitEnd> {
  const stderr = collectStderr(child.stderr);
  signal.addEventListener('abort', kill, { once: true });
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', (cause) => {
        reject(new SallyportError('git.failed', 'git could not be started', { cause }));
      });
      child.once('close', resolve);
    });
    signal.throwIfAborted();
    return { exitCode, stderr: stderr() };
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

function collectStderr(stream: Readable): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    // Read on, keep no more: a server may send messages without end.
    if (bytes < maxStderrBytes) chunks.push(chunk.subarray(0, maxStderrBytes - bytes));
    bytes += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: it has ended already, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
