/** What many measurements of one thing come to. */
export interface Summary {
  readonly median: number;
  readonly p95: number;
  readonly min: number;
  readonly max: number;
}

/** @throws Error when there is nothing to sum up */
export function summaryOf(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) throw new Error('nothing was measured');
  return { median: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), min, max };
}

/** The middle value; of an even number, the mean of the two in the middle. */
export function medianOf(values: readonly number[]): number {
  return summaryOf(values).median;
}

/** Between neighbours by proportion, as most tools do (type 7 of Hyndman and Fan, 1996). */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}
