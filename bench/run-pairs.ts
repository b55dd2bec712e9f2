import { readFile } from 'node:fs/promises';
import type { Comparison, Measured, OpenComparison, Target } from './comparison.ts';
import { medianOf, type Summary, summaryOf } from './statistics.ts';

/** What came of a comparison. */
export interface Outcome extends Comparison {
  readonly rounds: number;
  /** Null where there is no target. */
  readonly reached: boolean | null;
  /** Measured ÷ baseline, of each pair. */
  readonly ratio: Summary;
  /** Measured − baseline, of each pair. */
  readonly added: Summary;
  readonly measured: Summary;
  readonly measuredBaseline: Summary;
  /** Median of each stage of what was measured, ms. */
  readonly stages: Readonly<Record<string, number>>;
  readonly baselineStages: Readonly<Record<string, number>>;
  /** The machine's load over one minute before the first and after the last pair. */
  readonly load: readonly [before: number, after: number];
}

/**
 * Measures in pairs, one after the other: A B A B. What else the machine does then hits both alike, and a
 * ratio is taken within each pair. The first pair warms caches up and does not count.
 */
export async function runPairs(
  comparison: OpenComparison,
  rounds: number,
  onPair: (done: number) => void,
): Promise<Outcome> {
  const before = await loadAverage();
  const pairs: { readonly one: Measured; readonly other: Measured }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const pair = { one: await comparison.measure(), other: await comparison.measureBaseline() };
    if (round > 0) pairs.push(pair);
    onPair(round);
  }
  const { name, title, baseline, unit, target } = comparison;
  const ratio = summaryOf(pairs.map(({ one, other }) => one.value / other.value));
  const added = summaryOf(pairs.map(({ one, other }) => one.value - other.value));
  const measured = summaryOf(pairs.map(({ one }) => one.value));
  return {
    name,
    title,
    baseline,
    unit,
    target,
    rounds,
    ratio,
    added,
    reached: target === null ? null : isReached(target, { ratio, added, measured }),
    measured,
    measuredBaseline: summaryOf(pairs.map(({ other }) => other.value)),
    stages: mediansOf(pairs.map(({ one }) => one.stages ?? {})),
    baselineStages: mediansOf(pairs.map(({ other }) => other.stages ?? {})),
    load: [before, await loadAverage()],
  };
}

function isReached(
  target: Target,
  { ratio, added, measured }: Pick<Outcome, 'ratio' | 'added' | 'measured'>,
): boolean {
  if (target.kind === 'measured') return measured.median <= target.atMost;
  if (target.kind === 'added') return added.median <= target.atMost;
  return 'atMost' in target ? ratio.median <= target.atMost : ratio.median >= target.atLeast;
}

function mediansOf(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = new Set(all.flatMap((stages) => Object.keys(stages)));
  const median = (name: string): number =>
    medianOf(all.flatMap((stages) => (stages[name] === undefined ? [] : [stages[name]])));
  return Object.fromEntries([...names].map((name) => [name, median(name)]));
}

async function loadAverage(): Promise<number> {
  return Number.parseFloat(await readFile('/proc/loadavg', 'utf8'));
}
