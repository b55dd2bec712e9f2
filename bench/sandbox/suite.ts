import type { OpenComparison } from '../comparison.ts';
import type { BenchOptions } from '../options.ts';
import { type Outcome, runPairs } from '../run-pairs.ts';
import { brokeredBytes, brokeredLatency, brokeredRequests } from './brokered-requests.ts';
import { bareProcessesRecorded, buildRecorded } from './exec-record.ts';
import { inputBundle } from './input-bundle.ts';
import { inPlace, type Place } from './place.ts';
import { coldStart, warmStart } from './starts.ts';

/** Every case of `sandbox`, by its name, in the order of the table. */
const cases: Readonly<Record<string, (place: Place) => Promise<OpenComparison>>> = {
  'cold-start': coldStart,
  'warm-start': warmStart,
  'broker-latency': brokeredLatency,
  'broker-requests': brokeredRequests,
  'broker-bytes': brokeredBytes,
  'exec-record': buildRecorded,
  'exec-record-bare': bareProcessesRecorded,
  'input-bundle': inputBundle,
};

/** Runs the suite, or one case of it. @throws Error for a case that is not there */
export async function runSuite(options: BenchOptions): Promise<readonly Outcome[]> {
  const { only, runtime } = options;
  const names = only === undefined ? Object.keys(cases) : [only];
  const unknown = names.find((name) => cases[name] === undefined);
  if (unknown !== undefined)
    throw new Error(`no case ${unknown}; there are: ${Object.keys(cases).join(', ')}`);
  return inPlace(runtime, async (place) => {
    const outcomes: Outcome[] = [];
    for (const name of names) {
      const comparison = await cases[name]?.(place);
      if (comparison !== undefined) outcomes.push(await runOne(comparison, options));
    }
    return outcomes;
  });
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
