import type { Clock } from '../../ports/clock.ts';
import type { SecretProvider } from '../../ports/credentials.ts';

/** How long what was in use is looked for in what comes out of sandboxes, ms: longer than any run. */
const rememberedMs = 86_400_000;

/** How long what was told last stands in for a source that fails, ms: a source may be mended while runs go on. */
export const standInMs = 300_000;

/** A secret, and when it was last told. */
export interface Told {
  readonly secret: string;
  readonly atMs: number;
}

/**
 * What a source has told of late, by name: whoever takes a secret out of use still wants it looked for. Nothing of it
 * outlives the process, and neither does a run.
 */
export class ToldSecrets {
  readonly #clock: Clock;
  readonly #told = new Map<string, readonly Told[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  see(name: string, secret: string): void {
    const atMs = this.#clock.nowMs();
    const before = this.#recent(name).filter((one) => one.secret !== secret);
    this.#told.set(name, [...before, { secret, atMs }]);
  }

  /** What was told last under this name. */
  last(name: string): Told | undefined {
    return this.#told.get(name)?.at(-1);
  }

  /** All of a day. */
  providers(): SecretProvider[] {
    return [...this.#told.keys()]
      .flatMap((name) => this.#recent(name))
      .map(
        ({ secret }) =>
          () =>
            secret,
      );
  }

  #recent(name: string): readonly Told[] {
    const since = this.#clock.nowMs() - rememberedMs;
    return (this.#told.get(name) ?? []).filter(({ atMs }) => atMs >= since);
  }
}
