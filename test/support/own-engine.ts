import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';
import { type EngineFolders, engineFolders } from '../../scripts/setup/engine-folders.ts';
import { drain } from '../../scripts/setup/engine-images.ts';
import {
  removeMounts,
  signalStop,
  startPrivateEngine,
  untilEnded,
} from '../../scripts/setup/private-engine.ts';
import { argumentsOf } from '../../scripts/setup/processes.ts';
import { runCommand } from '../../scripts/setup/run-command.ts';
import { testEngine } from './engine.ts';

/** Saving and loading some 100 MB on a busy machine. */
const copyTimeoutMs = 120_000;
const pollMs = 20;

/** A Docker Engine of one test alone, to be killed. The engine of the test run is never touched. */
export class OwnEngine {
  readonly socketPath: string;
  readonly #folders: EngineFolders;
  readonly #cache: string;

  constructor(cache: string) {
    this.#cache = cache;
    this.#folders = engineFolders({ XDG_CACHE_HOME: cache });
    this.socketPath = this.#folders.socketPath;
  }

  get docker(): Docker {
    return new Docker({ socketPath: this.socketPath });
  }

  /** Starts it, or starts it again after `kill`. */
  start(): Promise<void> {
    return startPrivateEngine(this.#folders);
  }

  /** SIGKILL to the engine and to its containerd; resolves when both are gone. */
  async kill(): Promise<void> {
    const { pidFile, execRoot } = this.#folders;
    const dockerd = await pidIn(pidFile, `--pidfile=${pidFile}`);
    const folder = join(execRoot, 'containerd');
    const containerd = await pidIn(join(folder, 'containerd.pid'), join(folder, 'containerd.toml'));
    // In this order: an engine that lives starts its containerd again.
    for (const pid of [dockerd, containerd]) process.kill(pid, 'SIGKILL');
    for (const pid of [dockerd, containerd])
      while (argumentsOf(pid) !== undefined) await delay(pollMs);
  }

  /** Stops it in order and removes its folder. */
  async remove(): Promise<void> {
    const pid = Number(await readFile(this.#folders.pidFile, 'utf8').catch(() => ''));
    const stopping = signalStop(this.#folders, pid === 0 ? undefined : pid);
    if (stopping !== undefined) await untilEnded(stopping);
    await removeMounts(this.#folders);
    await unmountBelow(this.#cache);
    await rm(this.#cache, { recursive: true, force: true });
  }
}

/** Starts an engine in a temporary folder and gives it the worker image, under the same id. */
export async function startOwnEngine(): Promise<OwnEngine> {
  const engine = new OwnEngine(await mkdtemp(join(tmpdir(), 'sp-engine-')));
  try {
    await engine.start();
    const { socketPath, workerImage } = testEngine();
    const image = await new Docker({ socketPath }).getImage(workerImage).get();
    await drain(await engine.docker.loadImage(image), copyTimeoutMs);
    return engine;
  } catch (error) {
    await engine.remove();
    throw error;
  }
}

/** An engine that was killed leaves its data folder mounted on itself; the next one mounts it once more. */
async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n');
  const points = mounts.map((line) => line.split(' ')[1] ?? '');
  for (const point of points.filter((one) => one.startsWith(`${folder}/`)).reverse())
    await runCommand('umount', [point]);
}

/** The pid in a file, if that process has `argument`: a number in an old file may be anybody's. */
async function pidIn(file: string, argument: string): Promise<number> {
  const pid = Number(await readFile(file, 'utf8'));
  if (argumentsOf(pid)?.includes(argument) === true) return pid;
  throw new Error(`${file} names no process with ${argument}`);
}
