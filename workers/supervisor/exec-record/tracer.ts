import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { BoundedLines } from './bounded-lines.ts';

/** A pipe in a folder that only root can enter; the image has the folder, the sandbox mounts it. */
const pipePlace = '/run/sallyport/exec-record';

const calls = ['execve', 'execveat', 'fork', 'vfork', 'clone', 'clone3'];
/** Delivered often, and by themselves never the end of a process. */
const harmlessSignals = ['SIGCHLD', 'SIGCONT', 'SIGURG', 'SIGWINCH'];

const straceOptions: readonly string[] = [
  '--follow-forks',
  // Only these calls stop a process. Where nobody traces, the filter lets none of them through (ENOSYS):
  // a child made with CLONE_UNTRACED can execute nothing.
  // gVisor (20221219) then loses a signal now and then that a traced process sends to several of its own
  // threads, as glibc's setuid does; without it every call of every program would stop.
  '--seccomp-bpf',
  '--quiet=attach,personality',
  '--absolute-timestamps=format:unix,precision:us',
  '--string-limit=512',
  `--trace=${calls.join(',')},ptrace`,
  // Who could trace could let calls pass the filter; nobody needs to.
  '--inject=ptrace:error=EPERM',
  // With `none`, strace does not say by which signal a process ended either.
  `--signal=!${harmlessSignals.join(',')}`,
  `--output=${pipePlace}`,
];

/** What to run, and as whom: a user of the image. */
export type Traced = {
  readonly command: readonly [string, ...string[]];
  readonly user: string;
  readonly cwd: string;
  readonly env: Record<string, string>;
};

/** strace under way. */
export type Tracer = {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** Resolves when the last line has been taken. */
  readonly drained: Promise<void>;
  /** Resolves when it has ended and what it printed has been read. */
  readonly closed: Promise<unknown>;
};

/**
 * Starts `command` under strace, whose lines come out of a pipe that no other process can open. The
 * program is stopped by the kernel at every call of these until strace has written it down: a full pipe
 * makes it wait, and nothing is lost.
 * @throws when strace or the pipe cannot be had
 */
export async function startTracer(traced: Traced, take: (line: Buffer) => void): Promise<Tracer> {
  const made = spawnSync('/usr/bin/mkfifo', ['-m', '0600', pipePlace]);
  if (made.status !== 0) throw new Error('the pipe of the exec record cannot be made');
  // Held open for writing until strace writes: a pipe that nobody writes to is at its end.
  const held = openSync(pipePlace, constants.O_RDWR | constants.O_NONBLOCK);
  const pipe = new Socket({
    fd: openSync(pipePlace, constants.O_RDONLY | constants.O_NONBLOCK),
    readable: true,
    writable: false,
  });
  const { command, user, cwd, env } = traced;
  const child = spawn('/usr/bin/strace', [...straceOptions, '-u', user, '--', ...command], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Listened for from the start: one that cannot run has ended before anybody could ask.
  const closed = once(child, 'close');
  closed.catch(() => undefined);
  const drained = once(pipe, 'close').then(() => undefined);
  const lines = new BoundedLines(take);
  pipe.on('data', (chunk: Buffer) => lines.push(chunk));
  await Promise.race([once(pipe, 'data'), once(child, 'exit')]);
  closeSync(held);
  unlinkSync(pipePlace);
  return { child, drained, closed };
}
