import { setImmediate } from 'node:timers/promises';
import { SallyportError } from '../../errors.ts';

/**
 * What following the links of one tree may cost in all: characters of their targets, and names put together to look up
 * what they lead to. About half a second; 2,000 links of 60 characters cost a twentieth of it.
 */
const maxEffort = 4_000_000;
/** What everybody else has a turn after. */
const effortATurn = 250_000;

/** One link of 4,095 characters through 39 others costs as much as a whole tree: entries alone say little. */
export class LinkEffort {
  #used = 0;
  #sinceTurn = 0;

  /** @throws SallyportError `input.too-large` for more than a tree may cost */
  spend(effort: number): void {
    this.#used += effort;
    this.#sinceTurn += effort;
    if (this.#used > maxEffort)
      throw new SallyportError('input.too-large', 'the links of a tree lead on and on');
  }

  async takeTurns(): Promise<void> {
    if (this.#sinceTurn < effortATurn) return;
    this.#sinceTurn = 0;
    await setImmediate();
  }
}
