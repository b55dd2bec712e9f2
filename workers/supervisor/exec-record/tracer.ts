import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { BoundedLines } from './bounded-lines.ts';
import { isLaunched, launcher } from './launcher.ts';
import { readInPieces } from './read-in-pieces.ts';

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

const readable = constants.O_RDONLY | constants.O_NONBLOCK;

/** As whom, where and with what everything is run: a user of the image. */
export type Traced = {
  readonly user: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
};

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** strace under way. */
export type Tracer = {
  readonly child: Child;
  /** Resolves when the last line has been taken. */
  readonly drained: Promise<void>;
  /** Resolves when it has ended and what it printed has been read. */
  readonly closed: Promise<unknown>;
};

/** strace before it is known what it is to watch: it holds the launcher, which waits. */
export type WaitingTracer = {
  /**
   * Lets the launcher become the agent. Every line from now on goes to `take`.
   * @throws when anything has happened since the launcher was there: the record would not begin with the agent
   */
  run(order: string, take: (line: Buffer) => void): Tracer;
};

/**
 * Starts strace, whose lines come out of a pipe that no other process can open. A program is stopped by the
 * kernel at every call of these until strace has written it down: a full pipe makes it wait, and nothing is
 * lost. The launcher's own exec, the first line, is the only one that is in no record.
 * @throws when strace or the pipe cannot be had, or the first line says anything else
 */
export async function startTracer({ user, cwd, env }: Traced): Promise<WaitingTracer> {
  await promisify(execFile)('/usr/bin/mkfifo', ['-m', '0600', pipePlace]);
  // Held open for writing until strace writes: a pipe that nobody writes to is at its end.
  const held = openSync(pipePlace, constants.O_RDWR | constants.O_NONBLOCK);
  const early = new EarlyLines();
  let take = (line: Buffer): void => early.take(line);
  const lines = new BoundedLines((line) => take(line));
  const pipe = readInPieces(openSync(pipePlace, readable), (piece) => lines.push(piece));
  const child = spawn('/usr/bin/strace', [...straceOptions, '-u', user, '--', ...launcher], {
    cwd,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // One that has ended takes no order: that shows as a record without an end.
  child.stdin.on('error', () => undefined);
  // Listened for from the start: one that cannot run has ended before anybody could ask.
  const closed = once(child, 'close');
  closed.catch(() => undefined);
  const drained = once(pipe, 'close').then(() => undefined);
  await Promise.race([early.launched, once(child, 'exit')]);
  closeSync(held);
  unlinkSync(pipePlace);
  early.requireLaunched();
  return {
    run: (order, taker) => {
      early.requireLaunched();
      take = taker;
      child.stdin.end(order);
      return { child, drained, closed };
    },
  };
}

/** What strace says before there is an agent: that the launcher was executed, and nothing else. */
class EarlyLines {
  readonly #launched = Promise.withResolvers<void>();
  #saidFirst: boolean | undefined;
  #saidMore = false;

  /** Resolves with the first line, whatever it says. */
  get launched(): Promise<void> {
    return this.#launched.promise;
  }

  take(line: Buffer): void {
    const said = isLaunched(line);
    if (said === undefined) return;
    if (this.#saidFirst === undefined) this.#saidFirst = said;
    else this.#saidMore = true;
    this.#launched.resolve();
  }

  requireLaunched(): void {
    if (this.#saidFirst !== true || this.#saidMore)
      throw new Error('strace does not hold the launcher');
  }
}
