import type { Duplex, Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Container, ContainerInspectInfo } from 'dockerode';
import type { RunningSandbox, SandboxExit, SandboxUsage } from '../../ports/sandbox.ts';
import type { AttachedStdio } from './attached-stdio.ts';
import { nothingKnown, StatsWatch } from './container-stats.ts';
import { askAndWait, askFor, engineFault, statusOf } from './engine-errors.ts';

/** How long a killed container may take to end before it is removed as it is. */
const maxDyingMs = 10_000;

/**
 * The engine learns of an OOM kill by another way than of the end: measured up to 30 ms later, and once more than 150 ms on
 * a busy machine. Where the end itself says nothing of a kill, it was of a process inside, and told long before.
 */
const oomLooks = { killed: 20, ended: 4 };
const oomPauseMs = 50;

/** What is known of a container once it has started. */
export type StartedContainer = {
  readonly container: Container;
  readonly imageDigest: string;
  readonly stdio: AttachedStdio;
  /** Called when it has been destroyed, and when that failed: nobody here wants it any more. */
  readonly onLetGo?: () => void;
};

/** A started container as the port has it. */
export class DockerContainer implements RunningSandbox {
  readonly imageDigest: string;
  readonly wire: Duplex;
  readonly stderr: Readable;
  readonly #container: Container;
  readonly #ended: Promise<SandboxExit>;
  readonly #letGo: () => void;
  #stats: StatsWatch | undefined;
  #destroyed: Promise<void> | undefined;

  constructor({ container, imageDigest, stdio, onLetGo }: StartedContainer) {
    this.#container = container;
    this.imageDigest = imageDigest;
    this.wire = stdio.wire;
    this.stderr = stdio.stderr;
    this.#letGo = onLetGo ?? (() => undefined);
    this.#ended = exitOf(container);
    void this.#ended.catch(() => undefined).then(() => this.#stats?.stop());
    // Whoever never asks for the end must not end the process by an engine that went away.
    this.#ended.catch(() => undefined);
  }

  /** From now on it is looked at what it uses: the engine counts once a second, which one that waits is not worth. */
  watch(): this {
    this.#stats ??= new StatsWatch(this.#container);
    return this;
  }

  usage(): SandboxUsage {
    return this.#stats?.usage ?? nothingKnown;
  }

  ended(): Promise<SandboxExit> {
    return this.#ended;
  }

  destroy(): Promise<void> {
    // One that failed may be tried again; one that is under way or done is shared.
    this.#destroyed ??= this.#kill()
      .catch((error: unknown) => {
        this.#destroyed = undefined;
        throw error;
      })
      .finally(this.#letGo);
    return this.#destroyed;
  }

  async #kill(): Promise<void> {
    await askFor('kill', () => this.#container.kill());
    // `ended` reads how it ended, which a removed container no longer tells.
    await Promise.race([
      this.#ended.catch(() => undefined),
      pause(maxDyingMs, undefined, { ref: false }),
    ]);
    this.wire.destroy();
    this.#stats?.stop();
    await removeContainer(this.#container);
  }
}

/**
 * Removes a container, whatever it is doing, and waits until the engine no longer knows it.
 * @throws SallyportError `engine.unavailable`, `engine.failed`
 */
export async function removeContainer(container: Container): Promise<void> {
  await askFor('remove', () => container.remove({ force: true, v: true }));
  const confirmed = await isGone(container);
  // 409: somebody else is removing it. `wait` for `removed` answers when that is done.
  if (!confirmed) await askFor('wait', () => container.wait({ condition: 'removed' }));
}

async function isGone(container: Container): Promise<boolean> {
  try {
    await container.inspect();
    return false;
  } catch (error) {
    return statusOf(error) === 404;
  }
}

async function exitOf(container: Container): Promise<SandboxExit> {
  const waited: unknown = await askAndWait('wait', () => container.wait());
  const { StatusCode } = waited as { StatusCode: number };
  let exit: SandboxExit = { exitCode: StatusCode, oomKilled: false };
  const looks = StatusCode === 0 ? oomLooks.ended : oomLooks.killed;
  for (let look = 0; look < looks && !exit.oomKilled; look += 1) {
    if (look > 0) await pause(oomPauseMs);
    const state = await stateOf(container);
    if (state === undefined) return exit;
    exit = { exitCode: state.ExitCode, oomKilled: state.OOMKilled };
  }
  return exit;
}

type State = ContainerInspectInfo['State'];

/** Undefined when somebody has removed the container meanwhile. */
async function stateOf(container: Container): Promise<State | undefined> {
  try {
    return (await container.inspect()).State;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw engineFault('inspect', error);
  }
}
