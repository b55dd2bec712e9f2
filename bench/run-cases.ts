import type { OpenComparison } from './comparison.ts';
import type { BenchOptions } from './options.ts';
import { type Outcome, runPairs } from './run-pairs.ts';

/** Cases by name, in the order of the table; each is opened when it is its turn. */
export type Cases = Readonly<Record<string, () => Promise<OpenComparison>>>;

/** Runs all cases, or the one that is asked for. @throws Error for a case that is not there */
export async function runCases(cases: Cases, options: BenchOptions): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const name of namesOf(cases, options)) {
    const comparison = await cases[name]?.();
    if (comparison !== undefined) outcomes.push(await runOne(comparison, options));
  }
  return outcomes;
}

/** The names of the cases that are asked for. @throws Error for a case that is not there */
export function namesOf(
  cases: Readonly<Record<string, unknown>>,
  { only }: BenchOptions,
): string[] {
  const names = only === undefined ? Object.keys(cases) : [only];
  const unknown = names.find((name) => cases[name] === undefined);
  if (unknown === undefined) return names;
  throw new Error(`no case ${unknown}; there are: ${Object.keys(cases).join(', ')}`);
}

async function runOne(comparison: OpenComparison, { rounds }: BenchOptions): Promise<Outcome> {
  const most = rounds ?? comparison.rounds;
  const show = (done: number): void => {
    process.stderr.write(
      `${comparison.name}: ${done === 0 ? 'warm' : `pair ${done} of ${most}`}\n`,
    );
  };
  try {
    return await runPairs(comparison, most, show);
  } finally {
    await comparison.close();
  }
}
