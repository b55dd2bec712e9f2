import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import Docker, { type ContainerCreateOptions } from 'dockerode';
import { attachedStdio } from '../../../src/adapters/docker/attached-stdio.ts';
import { containerOptions } from '../../../src/adapters/docker/container-options.ts';
import { DockerContainer } from '../../../src/adapters/docker/docker-container.ts';
import { DockerSandbox } from '../../../src/adapters/docker/docker-sandbox.ts';
import type { RunningSandbox, Sandbox, SandboxSpec } from '../../../src/ports/sandbox.ts';
import { testEngine } from '../engine.ts';

/** Takes a defence away from what the engine is told. */
export type Weaken = (options: ContainerCreateOptions) => ContainerCreateOptions;

/** Sandboxes like the adapter's, but for the defence that is taken away. Never for code that is not ours. */
export class WeakenedSandbox implements Sandbox {
  readonly #docker = new Docker({ socketPath: testEngine().socketPath });
  readonly #seccomp: string;
  readonly #weaken: Weaken;

  constructor(seccomp: string, weaken: Weaken) {
    this.#seccomp = JSON.stringify(JSON.parse(seccomp));
    this.#weaken = weaken;
  }

  async start(spec: SandboxSpec): Promise<RunningSandbox> {
    const options = this.#weaken(containerOptions(spec, this.#seccomp, Date.now()));
    const container = await this.#docker.createContainer(options);
    const everything = { stream: true, hijack: true, stdin: true, stdout: true, stderr: true };
    const connection = (await container.attach(everything)) as unknown as Duplex;
    const stdio = attachedStdio(connection);
    await container.start();
    return new DockerContainer({ container, imageDigest: spec.image, stdio });
  }

  removeOwned(...args: Parameters<Sandbox['removeOwned']>): ReturnType<Sandbox['removeOwned']> {
    return this.#adapter().removeOwned(...args);
  }

  removeExpired(): ReturnType<Sandbox['removeExpired']> {
    return this.#adapter().removeExpired();
  }

  async ping(): Promise<void> {
    await this.#docker.ping();
  }

  #adapter(): DockerSandbox {
    const { socketPath } = testEngine();
    return new DockerSandbox({ docker: { socketPath }, seccompProfile: this.#seccomp });
  }
}

/** A weakened sandbox on this test run's engine. */
export async function weakenedSandbox(weaken: Weaken): Promise<WeakenedSandbox> {
  const profile = join(import.meta.dirname, '../../../policies/seccomp.json');
  return new WeakenedSandbox(await readFile(profile, 'utf8'), weaken);
}
