import { SallyportError } from '../../../src/errors.ts';

/** One planned failure: of the `nth` call (1-based, from now on) of `method`, before or after its effect. */
export interface Fault {
  readonly method: string;
  readonly nth: number;
  /** `after` is a process, or an answer, that was lost once the effect had happened. */
  readonly when: 'before' | 'after';
  /** Defaults to the retryable `github.unavailable`. */
  readonly error?: Error;
}

/** Counts the calls of a fake and makes the planned ones fail. */
export class Faults {
  /** Every call so far, by method name, in order. */
  readonly calls: string[] = [];
  #planned: { method: string; callsLeft: number; when: 'before' | 'after'; error: Error }[] = [];

  plan(fault: Fault): void {
    const error =
      fault.error ?? new SallyportError('github.unavailable', `planned: ${fault.method}`);
    this.#planned.push({ method: fault.method, callsLeft: fault.nth, when: fault.when, error });
  }

  /** Takes back every failure that is still planned. */
  forget(): void {
    this.#planned = [];
  }

  /** How often was `method` called? */
  count(method: string): number {
    return this.calls.filter((call) => call === method).length;
  }

  /** Runs `effect` as one call of `method`. */
  async around<T>(method: string, effect: () => T): Promise<T> {
    this.calls.push(method);
    await Promise.resolve();
    const due = this.#take(method);
    if (due?.when === 'before') throw due.error;
    const result = effect();
    if (due?.when === 'after') throw due.error;
    return result;
  }

  #take(method: string) {
    const mine = this.#planned.filter((fault) => fault.method === method);
    for (const fault of mine) fault.callsLeft -= 1;
    const due = mine.find((fault) => fault.callsLeft === 0);
    this.#planned = this.#planned.filter((fault) => fault.callsLeft > 0);
    return due;
  }
}
