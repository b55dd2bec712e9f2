import type { OpenComparison } from '../comparison.ts';
import type { Place } from './place.ts';
import { runOrder } from './run-order.ts';

const processes = 2_000;

/** A build of small programs, with and without the record of processes. */
export async function buildRecorded(place: Place): Promise<OpenComparison> {
  return {
    ...comparisonOf(place, 'build'),
    name: 'exec-record',
    title: `a build of ${processes} small processes: the agent's start → nothing of it is alive`,
    target: { kind: 'ratio', atMost: 1.25 },
  };
}

/** The dearest that the record can be: processes that do nothing at all. */
export async function bareProcessesRecorded(place: Place): Promise<OpenComparison> {
  return {
    ...comparisonOf(place, 'bare'),
    name: 'exec-record-bare',
    title: `${processes} processes that do nothing`,
    target: null,
  };
}

function comparisonOf(place: Place, program: 'build' | 'bare') {
  const time = async (image: string) => {
    const order = { kind: 'processes', program, count: processes } as const;
    const { unpacked, ended, cpuMs, told } = await runOrder(place, { order, image });
    const { workMs } = told as { readonly workMs: number };
    const processor = cpuMs === null ? {} : { 'processor time of the sandbox': cpuMs };
    return { value: ended - unpacked, stages: { 'the build itself': workMs, ...processor } };
  };
  const { recording, unrecording } = place.images;
  return {
    baseline:
      'the same sandbox, in whose image strace is a script that executes and records nothing',
    unit: 'ms',
    rounds: 9,
    measure: () => time(recording),
    measureBaseline: () => time(unrecording),
    close: () => Promise.resolve(),
  } as const;
}
