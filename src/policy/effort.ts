/**
 * What one question may cost, in steps: comparisons, of about 20 ns each. Globs and paths come from strangers, and
 * all pairs of them are compared: without an end to it, one policy could hold up everybody else's work.
 */
export class Effort {
  #left: number;
  #used = 0;

  constructor(steps: number) {
    this.#left = steps;
  }

  /** Takes some steps. False once there are too few left: the question then has no answer. */
  spend(steps: number): boolean {
    this.#left -= steps;
    this.#used += steps;
    return this.#left >= 0;
  }

  /** Steps taken so far. */
  get used(): number {
    return this.#used;
  }

  get isSpent(): boolean {
    return this.#left < 0;
  }
}
