import { SallyportError } from '../errors.ts';
import type { RuntimeClass } from '../ports/sandbox.ts';
import { broken, type SandboxCase, type Verdict } from './attack-case.ts';
import type { Bench } from './bench.ts';
import { nothingTold } from './read-facts.ts';
import { type AttemptsRun, runAttempts } from './run-attempts.ts';

/** One line of the scoreboard. */
export interface CaseScore {
  readonly id: string;
  readonly title: string;
  readonly held: boolean;
  readonly evidence: string;
  readonly ms: number;
}

/** A score, and whether there was an attempt to judge. */
export type CaseTrial = CaseScore & { readonly isMade?: false };

/** Runs one case in a sandbox of its own. A case that cannot run is broken. */
export async function runCase(
  bench: Bench,
  runtime: RuntimeClass,
  one: SandboxCase,
): Promise<CaseTrial> {
  const [score] = await runTogether(bench, runtime, [one]);
  if (score === undefined) throw new Error('one case has one score');
  return score;
}

/**
 * Runs cases in one sandbox, in their order, under the first one's set-up. A case whose attempt was not
 * made counts as broken, and so does the last one when the sandbox left something on the host.
 */
export async function runTogether(
  bench: Bench,
  runtime: RuntimeClass,
  cases: readonly SandboxCase[],
): Promise<readonly CaseTrial[]> {
  const startedAtMs = bench.clock.nowMs();
  const verdicts = await verdictsOf(bench, runtime, cases);
  const ms = Math.round((bench.clock.nowMs() - startedAtMs) / Math.max(1, cases.length));
  return cases.map(({ id, title }, index) => ({
    id,
    title,
    ...(verdicts[index] ?? broken('there is no verdict')),
    ms,
  }));
}

async function verdictsOf(
  bench: Bench,
  runtime: RuntimeClass,
  cases: readonly SandboxCase[],
): Promise<readonly Verdict[]> {
  try {
    const attempts = cases.map(({ id }) => id);
    const run = await runAttempts(bench, runtime, {
      attempts,
      setup: cases[0]?.setup ?? {},
      cases,
    });
    return cases.map((one, index) =>
      verdictOf(one, runtime, { run, isLast: index === cases.length - 1 }),
    );
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    return cases.map(() => broken(`could not run: ${error.code}`));
  }
}

function verdictOf(
  one: SandboxCase,
  runtime: RuntimeClass,
  { run, isLast }: { readonly run: AttemptsRun; readonly isLast: boolean },
): Verdict {
  const told = run.told.get(one.id) ?? nothingTold;
  const { fault } = told.facts;
  const wasMade = told.isDone || (one.mayDie && Object.keys(told.facts).length > 0);
  if (!wasMade || fault !== undefined) return { ...broken(notMade(run, fault)), isMade: false };
  if (isLast && run.traces.length > 0) return broken(`left behind: ${run.traces.join(', ')}`);
  return one.judge({ runtime, ...run, ...told });
}

function notMade({ result, error }: AttemptsRun, fault: unknown): string {
  const agent = result === undefined ? '' : `; agent: ${JSON.stringify(result.manifest.agent)}`;
  const reason = error instanceof Error ? `; ${error.message}` : '';
  return `the attempt was not made: ${JSON.stringify(fault ?? 'it said nothing')}${agent}${reason}`;
}
