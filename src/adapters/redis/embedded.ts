import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SallyportError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { killSilentServer } from './leftover.ts';
import { probe } from './probe.ts';
import { NOT_FOUND, SEARCH_PATH, ServerProcess } from './server-process.ts';
import { privateFolder, removeSocketFolder, socketPathFor } from './socket-folder.ts';
import { withStartLock } from './start-lock.ts';

/** What the embedded Redis needs. */
export interface EmbeddedRedisOptions {
  /** The data folder; the server gets `redis/` in it. Processes with the same folder share one server. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Folders in which `redis-server` is looked for, joined by `:`. */
  readonly searchPath?: string;
}

/** A server that says nothing for this long is not going to. */
const SILENT_MS = 2_000;
/** Reading the log back after a restart; 100,000 kept jobs take about a second. */
const READY_TIMEOUT_MS = 60_000;
/** Restarts in one minute before it is left to the operator. */
const MAX_RESTARTS = 5;
const RESTART_WINDOW_MS = 60_000;

/** A `redis-server` child process on a unix socket that it shares with other processes of one data folder. */
export class EmbeddedRedis {
  /** Where clients connect; the same for the whole life, restarts included. */
  readonly socketPath: string;
  readonly #folder: string;
  readonly #options: EmbeddedRedisOptions;
  readonly #stopping = new AbortController();
  #server: ServerProcess | undefined;
  #watch: Socket | undefined;
  #restartsMs: number[] = [];
  #restarting: Promise<void> = Promise.resolve();

  constructor(options: EmbeddedRedisOptions) {
    this.#options = options;
    this.#folder = privateFolder(join(options.dataDir, 'redis'));
    this.socketPath = socketPathFor(this.#folder);
  }

  /** Is the server a child of this process, rather than of another that shares the folder? */
  get isOwner(): boolean {
    return this.#server !== undefined && this.#server.exitCode === undefined;
  }

  /** Resolves when a server answers, whoever started it. @throws SallyportError `queue.unavailable` */
  async start(): Promise<void> {
    await this.#locked(() => this.#ensure());
    this.#watchServer();
  }

  /** Ends the server if it is this process's; others of the folder then start their own. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#watch?.destroy();
    await this.#restarting;
    if (this.#server === undefined) return;
    await this.#server.stop();
    await this.#locked(async () => removeSocketFolder(this.#folder, this.socketPath));
  }

  #locked(action: () => Promise<void>): Promise<void> {
    return withStartLock(join(this.#folder, 'start.lock'), action);
  }

  async #ensure(): Promise<void> {
    // A process that shared the server may have removed the folder of the socket with it.
    socketPathFor(this.#folder);
    const state = await probe(this.socketPath, SILENT_MS);
    if (state === 'ready') return;
    if (state === 'silent') killSilentServer(this.#folder, this.socketPath);
    // One that is reading its log back is somebody else's.
    this.#server = state === 'loading' ? undefined : this.#newServer();
    await this.#untilReady();
  }

  #newServer(): ServerProcess {
    const { searchPath = SEARCH_PATH } = this.#options;
    return new ServerProcess({ folder: this.#folder, socketPath: this.socketPath, searchPath });
  }

  async #untilReady(): Promise<void> {
    const deadlineMs = performance.now() + READY_TIMEOUT_MS;
    while ((await probe(this.socketPath, SILENT_MS)) !== 'ready') {
      const exitCode = this.#server?.exitCode;
      if (exitCode !== undefined) throw ended(exitCode, this.#folder);
      if (performance.now() > deadlineMs) {
        await this.#server?.stop();
        throw new SallyportError('queue.unavailable', 'redis-server did not get ready in 60 s');
      }
      await sleep(10);
    }
  }

  /** One idle connection: when it closes, the server is gone. */
  #watchServer(): void {
    if (this.#stopping.signal.aborted) return;
    const socket = connect(this.socketPath);
    this.#watch = socket;
    socket.unref();
    socket.resume();
    // The close that follows is what is acted on.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (!this.#stopping.signal.aborted) this.#restarting = this.#restart();
    });
  }

  async #restart(): Promise<void> {
    const { clock, log } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const sinceMs = clock.nowMs() - RESTART_WINDOW_MS;
      this.#restartsMs = this.#restartsMs.filter((atMs) => atMs > sinceMs);
      if (this.#restartsMs.length >= MAX_RESTARTS) {
        log.error({ restarts: MAX_RESTARTS }, 'Redis keeps ending and is not started again');
        return;
      }
      this.#restartsMs.push(clock.nowMs());
      log.warn({ restart: this.#restartsMs.length }, 'Redis has ended and is started again');
      try {
        await this.start();
        return;
      } catch (error) {
        if (!(error instanceof SallyportError)) throw error;
        log.error({ code: error.code }, 'Redis could not be started again');
      }
      await clock.after(1_000, signal);
    }
  }
}

function ended(exitCode: number, folder: string): SallyportError {
  const message =
    exitCode === NOT_FOUND
      ? 'redis-server is not there: install Redis 7 or later, or set REDIS_URL'
      : `redis-server ended with status ${exitCode}; see ${join(folder, 'redis.log')}`;
  return new SallyportError('queue.unavailable', message);
}

/**
 * Starts the Redis of a data folder, or finds the one that another process has started there.
 * @throws SallyportError `queue.unavailable`
 */
export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  const redis = new EmbeddedRedis(options);
  await redis.start();
  return redis;
}
