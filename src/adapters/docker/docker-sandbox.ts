import type { Duplex } from 'node:stream';
import Docker, { type Container } from 'dockerode';
import { TaskId } from '../../domain/ids.ts';
import { SallyportError } from '../../errors.ts';
import type { RunningSandbox, RuntimeClass, Sandbox, SandboxSpec } from '../../ports/sandbox.ts';
import { attachedStdio } from './attached-stdio.ts';
import { containerOptions, ownerLabel, taskLabel } from './container-options.ts';
import { DockerContainer, removeContainer, type StartedContainer } from './docker-container.ts';
import { ask, statusOf } from './engine-errors.ts';

/** Where the engine is, and the text of the seccomp profile: JSON in Docker's format. */
export type DockerSandboxOptions = {
  readonly docker: Docker.DockerOptions;
  readonly seccompProfile: string;
};

const pingTimeoutMs = 5_000;

/** Sandboxes as containers of a Docker Engine, API 1.41 or later. */
export class DockerSandbox implements Sandbox {
  readonly #docker: Docker;
  readonly #seccomp: string;

  constructor({ docker, seccompProfile }: DockerSandboxOptions) {
    this.#docker = new Docker(docker);
    // Parsed and written again: an engine would take text that is no profile at all for a fault of the host.
    this.#seccomp = JSON.stringify(JSON.parse(seccompProfile));
  }

  async start(spec: SandboxSpec): Promise<RunningSandbox> {
    await this.#requireRuntime(spec.runtime);
    const container = await this.#create(spec);
    try {
      return new DockerContainer(await this.#run(container, spec));
    } catch (error) {
      await removeContainer(container).catch(() => undefined);
      throw error;
    }
  }

  async removeOwned(ownerId: string, keep: ReadonlySet<TaskId>): Promise<readonly TaskId[]> {
    const filters = { label: [`${ownerLabel}=${ownerId}`] };
    const owned = await ask('list', () => this.#docker.listContainers({ all: true, filters }));
    const removed: TaskId[] = [];
    for (const { Id, Labels } of owned) {
      const taskId = TaskId.safeParse(Labels[taskLabel]);
      if (taskId.success && keep.has(taskId.data)) continue;
      await removeContainer(this.#docker.getContainer(Id));
      if (taskId.success) removed.push(taskId.data);
    }
    return removed;
  }

  async ping(): Promise<void> {
    // dockerode's ping takes options that @types/dockerode 4.0.2 does not know.
    const modem = this.#docker as { ping(options: { abortSignal: AbortSignal }): Promise<unknown> };
    const abortSignal = AbortSignal.timeout(pingTimeoutMs);
    await ask('ping', () => modem.ping({ abortSignal }));
  }

  async #requireRuntime(runtime: RuntimeClass): Promise<void> {
    const info = (await ask('info', () => this.#docker.info())) as { Runtimes?: object };
    if (!Object.hasOwn(info.Runtimes ?? {}, runtime))
      throw new SallyportError('engine.missing-runtime', `the engine has no runtime ${runtime}`);
  }

  async #create(spec: SandboxSpec): Promise<Container> {
    try {
      return await this.#docker.createContainer(containerOptions(spec, this.#seccomp));
    } catch (cause) {
      // The engine knows one 404 for a creation: no such image.
      if (statusOf(cause) === 404)
        throw new SallyportError('engine.missing-image', `no image ${spec.image}`, { cause });
      return ask('create', () => Promise.reject(cause as Error));
    }
  }

  /** Attached before the start: no byte of the sandbox can be missed. */
  async #run(container: Container, spec: SandboxSpec): Promise<StartedContainer> {
    const everything = { stream: true, hijack: true, stdin: true, stdout: true, stderr: true };
    const connection = await ask('attach', () => container.attach(everything));
    const stdio = attachedStdio(connection as Duplex);
    await ask('start', () => container.start());
    const { Image, HostConfig } = await ask('inspect', () => container.inspect());
    if (HostConfig.Runtime !== spec.runtime)
      throw new SallyportError('engine.failed', 'the engine runs another runtime than asked for');
    return { container, imageDigest: Image, stdio };
  }
}
