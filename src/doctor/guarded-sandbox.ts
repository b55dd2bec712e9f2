import { SallyportError } from '../errors.ts';
import type { RunningSandbox, Sandbox, SandboxSpec } from '../ports/sandbox.ts';
import type { RuntimeGuard } from './runtime-guard.ts';

type Guard = Pick<RuntimeGuard, 'require' | 'prove' | 'isProvenAs'>;

/** Sandboxes of proven runtime classes and images only. Everything but `start` is passed on. */
export class GuardedSandbox implements Sandbox {
  readonly #inner: Sandbox;
  readonly #guard: Guard;

  constructor(inner: Sandbox, guard: Guard) {
    this.#inner = inner;
    this.#guard = guard;
  }

  /** What a moved name leads to is looked at first; it is given up when it has moved again by then. */
  async start(spec: SandboxSpec): Promise<RunningSandbox> {
    await this.#guard.require(spec);
    const running = await this.#startProven(spec);
    if (running !== undefined) return running;
    await this.#guard.prove(spec);
    await this.#guard.require(spec);
    const again = await this.#startProven(spec);
    if (again !== undefined) return again;
    throw new SallyportError('engine.unproven', `${spec.image} keeps leading to another image`);
  }

  /** Undefined when it is of another image than the one that was proven; nothing of it is left then. */
  async #startProven(spec: SandboxSpec): Promise<RunningSandbox | undefined> {
    const running = await this.#inner.start(spec);
    if (this.#guard.isProvenAs(spec, running.imageDigest)) return running;
    await running.destroy();
    return undefined;
  }

  removeOwned(...args: Parameters<Sandbox['removeOwned']>): ReturnType<Sandbox['removeOwned']> {
    return this.#inner.removeOwned(...args);
  }

  removeExpired(): ReturnType<Sandbox['removeExpired']> {
    return this.#inner.removeExpired();
  }

  ping(): Promise<void> {
    return this.#inner.ping();
  }
}
