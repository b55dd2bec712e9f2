import { SallyportError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import type { RunningSandbox, RuntimeClass, Sandbox, SandboxSpec } from '../ports/sandbox.ts';
import type { ProbeVerdict } from './probe.ts';

/** What a guard works with. */
export interface GuardParts {
  /** Probes one runtime class. @throws SallyportError `engine.*` when it could not run */
  readonly probe: (runtime: RuntimeClass) => Promise<ProbeVerdict>;
  readonly ledger: Ledger;
  readonly log: Log;
  readonly clock: Clock;
  readonly runnerId: string;
  /** Told when a class is not proven, or not any more; nothing of it may be kept for later. */
  readonly onUnproven?: (runtime: RuntimeClass) => void;
}

/** How long a proof is good for, in ms. */
const proveEveryMs = 60 * 60_000;
/** How long it takes until one that failed is tried again, in ms. On a busy machine a probe may just be late. */
const retryEveryMs = 15_000;

type State = 'unknown' | 'proven' | 'failed';

/**
 * Knows which runtime classes have been proven on this runner. A class that nobody has looked at is not
 * proven; one whose last probe failed is not either.
 */
export class RuntimeGuard {
  readonly #parts: GuardParts;
  readonly #states = new Map<RuntimeClass, State>();
  readonly #probing = new Map<RuntimeClass, Promise<void>>();

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  isProven(runtime: RuntimeClass): boolean {
    return this.#states.get(runtime) === 'proven';
  }

  /** Has the last probe found something wrong? False also when none could run. */
  hasFailed(runtime: RuntimeClass): boolean {
    return this.#states.get(runtime) === 'failed';
  }

  /** Probes now, or waits for the probe that is under way. @throws SallyportError `engine.*` */
  async prove(runtime: RuntimeClass): Promise<void> {
    const probing = this.#probing.get(runtime) ?? this.#probe(runtime);
    this.#probing.set(runtime, probing);
    try {
      await probing;
    } finally {
      this.#probing.delete(runtime);
    }
  }

  /** Resolves when a sandbox of this class may be started. @throws SallyportError `engine.*` */
  async require(runtime: RuntimeClass): Promise<void> {
    if (this.isProven(runtime)) return;
    if (!this.hasFailed(runtime)) await this.prove(runtime);
    if (!this.isProven(runtime))
      throw new SallyportError('engine.unproven', `${runtime} is not what it should be here`);
  }

  /** For the readiness question: what the last probe said. @throws SallyportError `engine.unproven` */
  async check(runtime: RuntimeClass): Promise<void> {
    if (!this.isProven(runtime))
      throw new SallyportError('engine.unproven', `${runtime} is not proven`);
  }

  /** Probes every hour, and every 15 s while something is wrong, until `signal` aborts. */
  async keepProving(runtime: RuntimeClass, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const waitMs = this.isProven(runtime) ? proveEveryMs : retryEveryMs;
      await this.#parts.clock.after(waitMs, signal);
      if (signal.aborted) return;
      // Logged where it happened; the next round tries again.
      await this.prove(runtime).catch(() => undefined);
    }
  }

  async #probe(runtime: RuntimeClass): Promise<void> {
    const { probe, log, ledger, runnerId } = this.#parts;
    try {
      const { isProven, failures, imageDigest, ms } = await probe(runtime);
      const type = isProven ? 'runtime.proven' : 'runtime.unproven';
      if (isProven) log.info({ runtime, imageDigest, ms }, 'a sandbox is what it should be');
      else log.error({ runtime, imageDigest, failures }, 'a sandbox is not what it should be');
      const data = { runnerId, runtime, imageDigest, failures: [...failures] };
      await ledger.append({ type, taskId: null, data });
      // Last: what is not on record is not proven.
      this.#note(runtime, isProven ? 'proven' : 'failed');
    } catch (error) {
      // Nothing is known: what was proven before does not count any more.
      this.#note(runtime, 'unknown');
      const code = error instanceof SallyportError ? error.code : 'internal';
      log.error({ runtime, code }, 'a runtime could not be probed');
      throw error;
    }
  }

  #note(runtime: RuntimeClass, state: State): void {
    this.#states.set(runtime, state);
    if (state !== 'proven') this.#parts.onUnproven?.(runtime);
  }
}

/** Sandboxes of proven runtime classes only. Everything but `start` is passed on. */
export class GuardedSandbox implements Sandbox {
  readonly #inner: Sandbox;
  readonly #guard: Pick<RuntimeGuard, 'require'>;

  constructor(inner: Sandbox, guard: Pick<RuntimeGuard, 'require'>) {
    this.#inner = inner;
    this.#guard = guard;
  }

  async start(spec: SandboxSpec): Promise<RunningSandbox> {
    await this.#guard.require(spec.runtime);
    return this.#inner.start(spec);
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
