import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';

/**
 * Runs the server and ends it when standard input closes, which the kernel does for a parent that was
 * killed; 5 s later it kills one that does not end. The reader goes first when the server has ended, so
 * that it signals no stranger.
 */
const GUARD = `command -v redis-server >/dev/null || exit 127
exec 3<&0
redis-server "$@" </dev/null 3<&- &
server=$!
( read -r line; kill -TERM "$server"; sleep 5; kill -KILL "$server" ) <&3 &
reader=$!
exec 3<&-
wait "$server"
status=$?
kill "$reader" 2>/dev/null
exit "$status"`;

/** Where packages put `redis-server`: fixed, so that no folder of the caller's comes first. */
export const SEARCH_PATH =
  '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin';

/** Where one server keeps its things, and where its program is looked for. */
export interface ServerPlace {
  readonly folder: string;
  readonly socketPath: string;
  readonly searchPath: string;
}

/** The shell's status for a command that does not exist. */
export const NOT_FOUND = 127;

/** After this the guard too is killed, which by then has killed the server. */
const STOP_TIMEOUT_MS = 7_000;

function settings({ folder, socketPath }: ServerPlace): readonly string[] {
  // No configuration file is named, so none of the system is read.
  const lines = [
    ['port', '0'],
    ['unixsocket', socketPath],
    ['unixsocketperm', '700'],
    ['dir', folder],
    ['pidfile', join(folder, 'redis.pid')],
    ['logfile', join(folder, 'redis.log')],
    ['loglevel', 'warning'],
    ['daemonize', 'no'],
    ['protected-mode', 'yes'],
    ['appendonly', 'yes'],
    // A webhook is acknowledged when its job is on the disk, not a second earlier.
    ['appendfsync', 'always'],
    ['save', ''],
    // BullMQ loses jobs when keys are evicted.
    ['maxmemory-policy', 'noeviction'],
  ];
  return lines.flatMap(([name, value]) => [`--${name}`, String(value)]);
}

/** One `redis-server` that lives no longer than this process. */
export class ServerProcess {
  readonly #guard: ChildProcess;

  constructor(place: ServerPlace) {
    this.#guard = spawn('/bin/sh', ['-c', GUARD, 'sh', ...settings(place)], {
      cwd: place.folder,
      // Of its own group: an interrupt from the terminal is for the parent, which then stops it in order.
      detached: true,
      // Nothing of the parent's environment, which holds secrets.
      env: { PATH: place.searchPath, LC_ALL: 'C' },
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // A guard that could not be started has an exit code of null and shows as never ready.
    this.#guard.on('error', () => this.#guard.stdin?.destroy());
    this.#guard.stdin?.on('error', () => this.#guard.stdin?.destroy());
    this.#guard.unref();
  }

  /** The status that the server ended with; undefined while it runs. */
  get exitCode(): number | undefined {
    const { exitCode, signalCode, pid } = this.#guard;
    if (pid === undefined) return NOT_FOUND;
    return exitCode ?? (signalCode === null ? undefined : 128);
  }

  /** Ends the server after its last write; it is killed when that takes longer than 5 s. */
  async stop(): Promise<void> {
    if (this.exitCode !== undefined) return;
    const ended = once(this.#guard, 'exit');
    this.#guard.ref();
    this.#guard.stdin?.end();
    const timer = setTimeout(() => {
      this.#killGroup();
    }, STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }

  #killGroup(): void {
    const { pid } = this.#guard;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
