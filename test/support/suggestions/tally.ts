import type { NotInlineReason } from '../../../src/report/leftover-words.ts';
import type { PlannedChange } from './plan-change.ts';

/** What came of many changes. */
export interface Tally {
  readonly cases: number;
  readonly suggestions: number;
  readonly left: Readonly<Partial<Record<NotInlineReason, number>>>;
}

/** Counts plans, one after the other. */
export class Counter {
  #cases = 0;
  #suggestions = 0;
  readonly #left = new Map<NotInlineReason, number>();

  add({ posted, notInline }: PlannedChange): void {
    this.#cases += 1;
    this.#suggestions += posted.length;
    for (const reason of notInline) this.#left.set(reason, (this.#left.get(reason) ?? 0) + 1);
  }

  get cases(): number {
    return this.#cases;
  }

  tally(): Tally {
    const left = [...this.#left].sort(([a], [b]) => (a < b ? -1 : 1));
    return { cases: this.#cases, suggestions: this.#suggestions, left: Object.fromEntries(left) };
  }
}
