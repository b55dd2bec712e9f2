/** A column is counted from the start of its line: twenty thousand of them at the end of a long one take minutes. */
const maxMeasured = 16 * 1024 * 1024;

/** How much text the columns of one report may still make the control plane count, in UTF-16 units. */
export class MeasureBudget {
  #left: number;

  constructor(left: number = maxMeasured) {
    this.#left = left;
  }

  /** Takes this much; false when that is more than is left, and from then on. */
  take(units: number): boolean {
    this.#left = units > this.#left ? -1 : this.#left - units;
    return this.#left >= 0;
  }
}
