import { SallyportError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import type { SandboxSpec } from '../ports/sandbox.ts';
import type { ProbeVerdict } from './probe.ts';

/** What is proven: a runtime class with an image. Each can be at fault without the other. */
export type Provable = Pick<SandboxSpec, 'runtime' | 'image'>;

/** What a guard works with. */
export interface GuardParts {
  /** Probes one class with one image. @throws SallyportError `engine.*` when it could not run */
  readonly probe: (what: Provable) => Promise<ProbeVerdict>;
  readonly ledger: Ledger;
  readonly log: Log;
  readonly clock: Clock;
  readonly runnerId: string;
  /** Told when one is not proven, or not any more; nothing of it may be kept for later. */
  readonly onUnproven?: (what: Provable) => void;
}

/** When what a runner starts by default is proven again, in ms. */
const proveEveryMs = 60 * 60_000;
/** How long a proof is good for, in ms: longer, so that the next one is there before it runs out. */
const provenForMs = proveEveryMs + 5 * 60_000;
/** How long it takes until one that failed is tried again, in ms. On a busy machine a probe may just be late. */
const retryEveryMs = 15_000;

/** What the last probe found, of which image by digest, and when. */
interface State {
  readonly found: 'proven' | 'failed';
  readonly imageDigest: string;
  readonly atMs: number;
}

/**
 * Knows which runtime classes have been proven on this runner, and with which images. A pair that nobody has
 * looked at is not proven; one whose last probe failed, or is too long ago, is not either.
 */
export class RuntimeGuard {
  readonly #parts: GuardParts;
  readonly #states = new Map<string, State>();
  readonly #probing = new Map<string, Promise<void>>();

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  isProven(what: Provable): boolean {
    const state = this.#states.get(keyOf(what));
    return state?.found === 'proven' && this.#ageMs(state) < provenForMs;
  }

  /** Is it proven, and was it this very image that was looked at? Its name may lead to another one by now. */
  isProvenAs(what: Provable, imageDigest: string): boolean {
    return this.isProven(what) && this.#states.get(keyOf(what))?.imageDigest === imageDigest;
  }

  /** Has the last probe found something wrong? False also when none could run. */
  hasFailed(what: Provable): boolean {
    return this.#states.get(keyOf(what))?.found === 'failed';
  }

  /** Probes now, or waits for the probe that is under way. @throws SallyportError `engine.*` */
  async prove(what: Provable): Promise<void> {
    const key = keyOf(what);
    const probing = this.#probing.get(key) ?? this.#probe(what);
    this.#probing.set(key, probing);
    try {
      await probing;
    } finally {
      this.#probing.delete(key);
    }
  }

  /**
   * Resolves when such a sandbox may be started. What failed is not tried again for every task, and what only
   * some task asks for is proven when the next one does. @throws SallyportError `engine.*`
   */
  async require(what: Provable): Promise<void> {
    if (this.isProven(what)) return;
    const state = this.#states.get(keyOf(what));
    const hasJustFailed = state?.found === 'failed' && this.#ageMs(state) < retryEveryMs;
    if (!hasJustFailed) await this.prove(what);
    if (!this.isProven(what)) throw unproven(what, 'is not what it should be here');
  }

  /** For the readiness question: what the last probe said. @throws SallyportError `engine.unproven` */
  async check(what: Provable): Promise<void> {
    if (!this.isProven(what)) throw unproven(what, 'is not proven');
  }

  /** Probes every hour, and every 15 s while something is wrong, until `signal` aborts. */
  async keepProving(what: Provable, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const waitMs = this.isProven(what) ? proveEveryMs : retryEveryMs;
      await this.#parts.clock.after(waitMs, signal);
      if (signal.aborted) return;
      // Logged where it happened; the next round tries again.
      await this.prove(what).catch(() => undefined);
    }
  }

  async #probe(what: Provable): Promise<void> {
    const { probe, log, ledger, runnerId } = this.#parts;
    const { runtime, image } = what;
    try {
      const { isProven, failures, imageDigest, ms } = await probe(what);
      const type = isProven ? 'runtime.proven' : 'runtime.unproven';
      const about = { runtime, image, imageDigest };
      if (isProven) log.info({ ...about, ms }, 'a sandbox is what it should be');
      else log.error({ ...about, failures }, 'a sandbox is not what it should be');
      const data = { runnerId, runtime, imageDigest, failures: [...failures] };
      await ledger.append({ type, taskId: null, data });
      // Last: what is not on record is not proven.
      const atMs = this.#parts.clock.nowMs();
      this.#note(what, { found: isProven ? 'proven' : 'failed', imageDigest, atMs });
    } catch (error) {
      // Nothing is known: what was proven before does not count any more.
      this.#note(what, undefined);
      const code = error instanceof SallyportError ? error.code : 'internal';
      log.error({ runtime, image, code }, 'a runtime could not be probed');
      throw error;
    }
  }

  /** Undefined: nothing is known. */
  #note(what: Provable, state: State | undefined): void {
    if (state === undefined) this.#states.delete(keyOf(what));
    else this.#states.set(keyOf(what), state);
    if (state?.found !== 'proven') this.#parts.onUnproven?.(what);
  }

  #ageMs({ atMs }: State): number {
    return this.#parts.clock.nowMs() - atMs;
  }
}

/** Policies name a bounded number of images, so there is a bounded number of these. */
function keyOf({ runtime, image }: Provable): string {
  return `${runtime} ${image}`;
}

function unproven({ runtime, image }: Provable, says: string): SallyportError {
  return new SallyportError('engine.unproven', `${runtime} with ${image} ${says}`);
}
