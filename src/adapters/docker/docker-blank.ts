import { once } from 'node:events';
import type { Container } from 'dockerode';
import { z } from 'zod';
import type { Limits } from '../../domain/limits.ts';
import { SallyportError } from '../../errors.ts';
import type { BlankSandbox } from '../../ports/blank-sandbox.ts';
import type { RunningSandbox, SandboxSpec } from '../../ports/sandbox.ts';
import { adjustable, type Ceilings } from './container-options.ts';
import { DockerContainer, type StartedContainer } from './docker-container.ts';
import { ask } from './engine-errors.ts';

/** How long a sandbox may take until it asks for its input. Cold, on a busy machine, gVisor takes 3 s. */
const firstWordMs = 30_000;
/** A cgroup's memory is a number of pages; the largest of Linux have 64 KiB. */
const largestPage = 64 * 1024;

/** A started container that waits for its task. */
export class DockerBlank implements BlankSandbox {
  readonly imageDigest: string;
  readonly #container: Container;
  readonly #spec: SandboxSpec;
  readonly #running: DockerContainer;
  readonly #ended: Promise<void>;
  #hasEnded = false;

  constructor(started: StartedContainer, spec: SandboxSpec) {
    this.#container = started.container;
    this.imageDigest = started.imageDigest;
    this.#spec = spec;
    this.#running = new DockerContainer(started);
    // An engine that breaks off says so here; without a listener that would end this process.
    this.#running.wire.on('error', () => undefined);
    const over = (): void => {
      this.#hasEnded = true;
    };
    // An engine that went away says of nothing that it is alive.
    this.#ended = this.#running.ended().then(over, over);
  }

  isAlive(): boolean {
    return !this.#hasEnded && !this.#running.wire.destroyed;
  }

  /** Resolves when it has asked for its input; nothing is read. @throws SallyportError `engine.failed` */
  async hasAsked(): Promise<void> {
    const { wire } = this.#running;
    const late = AbortSignal.timeout(firstWordMs);
    const asked = once(wire, 'readable', { signal: late }).catch(() => undefined);
    await Promise.race([asked, this.#ended]);
    if (!this.isAlive() || wire.readableLength === 0)
      throw new SallyportError('engine.failed', 'a sandbox did not ask for its input');
  }

  async assign(limits: Limits): Promise<RunningSandbox> {
    const held = adjustable(this.#spec);
    const wanted = adjustable({ ...this.#spec, limits });
    if (Object.entries(wanted).some(([name, most]) => held[name as keyof Ceilings] !== most))
      await this.#hold(wanted);
    this.#running.watch();
    return this.#running;
  }

  ended(): Promise<void> {
    return this.#ended;
  }

  destroy(): Promise<void> {
    return this.#running.destroy();
  }

  async #hold(wanted: Ceilings): Promise<void> {
    await ask('update', () => this.#container.update(wanted));
    // The kernel's word, not the engine's: what `stats` calls a limit is read from the cgroup.
    const look = { stream: false, 'one-shot': true } as const;
    const said = Held.safeParse(await ask('stats', () => this.#container.stats(look)));
    if (!said.success)
      throw new SallyportError('engine.failed', 'a sandbox has no ceilings to see');
    const { memory_stats, pids_stats } = said.data;
    const missing = wanted.Memory - memory_stats.limit;
    if (missing < 0 || missing >= largestPage || pids_stats.limit !== wanted.PidsLimit)
      throw new SallyportError('engine.failed', 'a sandbox is not held to what was asked for');
  }
}

const Held = z.object({
  memory_stats: z.object({ limit: z.number() }),
  pids_stats: z.object({ limit: z.number() }),
});
