import { SallyportError } from '../../../src/errors.ts';
import { Fuse } from '../fakes/mortal.ts';

/** What goes wrong at one call to the outside: the process dies, or that call alone has no answer. */
export interface Mishap {
  /** 1-based, among all calls of one publishing. */
  readonly nth: number;
  readonly when: 'before' | 'after';
  readonly how: 'dies' | 'fails';
}

/** What else happens while something is shown. */
export interface Disturbance {
  readonly mishap?: Mishap | undefined;
  /** Processes that show it at the same time; one unless told. */
  readonly publishers?: number;
}

/** Lets one call of a process go wrong, and counts them all. */
export class Trap extends Fuse {
  calls = 0;
  readonly #mishap: Mishap | undefined;

  constructor(mishap?: Mishap) {
    super();
    this.#mishap = mishap;
    if (mishap?.how === 'dies') this.set(mishap.nth, mishap.when);
  }

  override async around<T>(effect: () => T): Promise<Awaited<T>> {
    this.calls += 1;
    const { how, nth, when } = this.#mishap ?? {};
    if (how !== 'fails' || this.calls !== nth) return super.around(effect);
    if (when === 'after') await effect();
    throw new SallyportError('github.unavailable', 'planned');
  }
}
