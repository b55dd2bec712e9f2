import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import Docker, { type Container } from 'dockerode';
import { SallyportError } from '../../errors.ts';
import type { BlankSandbox, BlankSandboxes } from '../../ports/blank-sandbox.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  ReapedSandbox,
  RunningSandbox,
  RuntimeClass,
  Sandbox,
  SandboxSpec,
} from '../../ports/sandbox.ts';
import { attachedStdio } from './attached-stdio.ts';
import { overdue } from './container-labels.ts';
import { containerOptions } from './container-options.ts';
import { DockerBlank } from './docker-blank.ts';
import { DockerContainer, removeContainer, type StartedContainer } from './docker-container.ts';
import { ask, engineFault, statusOf } from './engine-errors.ts';
import { listContainers, removeAll } from './sweep-containers.ts';

/** Where the engine is, and the text of the seccomp profile: JSON in Docker's format. */
export type DockerSandboxOptions = {
  readonly docker: Docker.DockerOptions;
  readonly seccompProfile: string;
  /** The machine's unless told. */
  readonly clock?: Pick<Clock, 'nowMs'>;
};

const pingTimeoutMs = 5_000;

/** Sandboxes as containers of a Docker Engine, API 1.41 or later. */
export class DockerSandbox implements Sandbox, BlankSandboxes {
  readonly #docker: Docker;
  readonly #seccomp: string;
  readonly #clock: Pick<Clock, 'nowMs'>;
  /**
   * Names of containers that are being created, or run and have not been let go. Names, since the engine has
   * each only once: a label with the same value would protect a container that is not this one.
   */
  readonly #wanted = new Set<string>();

  constructor({ docker, seccompProfile, clock = { nowMs: Date.now } }: DockerSandboxOptions) {
    this.#docker = new Docker(docker);
    this.#clock = clock;
    // Parsed and written again: an engine would take text that is no profile at all for a fault of the host.
    this.#seccomp = JSON.stringify(JSON.parse(seccompProfile));
  }

  start(spec: SandboxSpec): Promise<RunningSandbox> {
    return this.#started(spec, async (started) => new DockerContainer(started).watch());
  }

  startBlank(spec: SandboxSpec): Promise<BlankSandbox> {
    return this.#started(spec, async (started) => {
      const blank = new DockerBlank(started, spec);
      await blank.hasAsked();
      return blank;
    });
  }

  async imageId(ref: string): Promise<string> {
    try {
      return (await this.#docker.getImage(ref).inspect()).Id;
    } catch (cause) {
      if (statusOf(cause) === 404)
        throw new SallyportError('engine.missing-image', `no image ${ref}`, { cause });
      throw engineFault('image', cause);
    }
  }

  async #started<T>(
    spec: SandboxSpec,
    take: (started: StartedContainer) => Promise<T>,
  ): Promise<T> {
    const name = `sallyport-${randomUUID()}`;
    const onLetGo = (): void => void this.#wanted.delete(name);
    // Before the engine knows of it: a sweep meanwhile must not take it for somebody's leftover.
    this.#wanted.add(name);
    try {
      const container = await this.#create(spec, name);
      return await orRemove(container, async () =>
        take({ ...(await this.#run(container, spec)), onLetGo }),
      );
    } catch (error) {
      onLetGo();
      throw error;
    }
  }

  async removeOwned(ownerId: string): Promise<readonly ReapedSandbox[]> {
    const owned = await listContainers(this.#docker, ownerId);
    return removeAll(this.#docker, this.#others(owned), () => 'unwanted');
  }

  async removeExpired(): Promise<readonly ReapedSandbox[]> {
    const all = await listContainers(this.#docker);
    const nowMs = this.#clock.nowMs();
    return removeAll(this.#docker, this.#others(all), (container) => overdue(container, nowMs));
  }

  async ping(): Promise<void> {
    // dockerode's ping takes options that @types/dockerode 4.0.2 does not know.
    const modem = this.#docker as { ping(options: { abortSignal: AbortSignal }): Promise<unknown> };
    const abortSignal = AbortSignal.timeout(pingTimeoutMs);
    await ask('ping', () => modem.ping({ abortSignal }));
  }

  #others<Named extends { readonly name: string }>(containers: readonly Named[]): Named[] {
    return containers.filter(({ name }) => !this.#wanted.has(name));
  }

  async #requireRuntime(runtime: RuntimeClass): Promise<void> {
    const info = (await ask('info', () => this.#docker.info())) as { Runtimes?: object };
    if (!Object.hasOwn(info.Runtimes ?? {}, runtime))
      throw new SallyportError('engine.missing-runtime', `the engine has no runtime ${runtime}`);
  }

  async #create(spec: SandboxSpec, name: string): Promise<Container> {
    const options = containerOptions(spec, this.#seccomp, this.#clock.nowMs());
    try {
      return await this.#docker.createContainer({ ...options, name });
    } catch (cause) {
      // The engine knows one 404 for a creation: no such image.
      if (statusOf(cause) === 404)
        throw new SallyportError('engine.missing-image', `no image ${spec.image}`, { cause });
      // Asked only now: the answer takes the engine as long as half a creation, and it refuses a runtime
      // that it does not have by itself.
      if (statusOf(cause) !== undefined) await this.#requireRuntime(spec.runtime);
      throw engineFault('create', cause);
    }
  }

  /**
   * Attached before the start: no byte of the sandbox can be missed. Looked at before the start, too: what
   * the engine took for another runtime never runs.
   */
  async #run(container: Container, spec: SandboxSpec): Promise<StartedContainer> {
    const everything = { stream: true, hijack: true, stdin: true, stdout: true, stderr: true };
    const [connection, { Image, HostConfig }] = await Promise.all([
      ask('attach', () => container.attach(everything)),
      ask('inspect', () => container.inspect()),
    ]);
    const stdio = attachedStdio(connection as Duplex);
    if (HostConfig.Runtime !== spec.runtime)
      throw new SallyportError('engine.failed', 'the engine runs another runtime than asked for');
    await ask('start', () => container.start());
    return { container, imageDigest: Image, stdio };
  }
}

async function orRemove<T>(container: Container, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // What cannot be removed now is removed by the next sweep.
    await removeContainer(container).catch(() => undefined);
    throw error;
  }
}
