import type { OpenComparison } from '../comparison.ts';
import type { BenchOptions } from '../options.ts';
import { namesOf, runCases } from '../run-cases.ts';
import type { Outcome } from '../run-pairs.ts';
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
export async function runSandboxSuite(options: BenchOptions): Promise<readonly Outcome[]> {
  // Before anything is set up for it.
  namesOf(cases, options);
  return inPlace(options.runtime, (place) => {
    const open = Object.entries(cases).map(([name, make]) => [name, () => make(place)] as const);
    return runCases(Object.fromEntries(open), options);
  });
}
