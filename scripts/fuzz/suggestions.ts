import * as fc from 'fast-check';
import { changesWith } from '../../test/support/suggestions/generated-changes.ts';
import { GitDiff } from '../../test/support/suggestions/git-diff.ts';
import { afterOneCommit, insistExact } from '../../test/support/suggestions/insist-exact.ts';
import { type PlannedChange, planChange } from '../../test/support/suggestions/plan-change.ts';
import type { ShownChange } from '../../test/support/suggestions/played-change.ts';
import { Counter, type Tally } from '../../test/support/suggestions/tally.ts';
import type { FuzzOptions } from './options.ts';

/** What a run found. */
export interface FuzzReport {
  /** Lines of `name: count`; after a corruption also the change and how to play it again. */
  readonly text: string;
  readonly corruptions: number;
}

type Plan = (change: ShownChange) => PlannedChange;

const casesPerNote = 5_000;
/** UTF-16 units of a corrupted change: the longest files have thousands of lines. */
const maxShown = 8_000;

/**
 * Plans generated changes until one is corrupted or `options.runs` are through; `note` gets a line of
 * progress now and then. `plan` is the product's unless told.
 */
export function fuzzSuggestions(
  options: FuzzOptions,
  note: (line: string) => void,
  plan: Plan = planChange,
): FuzzReport {
  using git = new GitDiff();
  const counter = new Counter();
  note(`${options.runs} changes, seed ${options.seed}`);
  const property = fc.property(changesWith(git), (change) => {
    const planned = plan(change);
    insistExact(change, planned);
    const next = afterOneCommit(change, planned);
    insistExact(next, plan(next));
    counter.add(planned);
    const { cases } = counter;
    if (cases % casesPerNote === 0) note(`${cases} of ${options.runs}`);
  });
  const { runs: numRuns, seed, path } = options;
  // A case that is played again is small already.
  const found = fc.check(property, {
    numRuns,
    seed,
    ...(path === undefined ? {} : { path, endOnFailure: true }),
  });
  const counts = countsOf(counter.tally(), seed);
  return found.failed
    ? { text: `${counts}corruptions: 1\n${failureOf(found)}`, corruptions: 1 }
    : { text: `${counts}corruptions: 0\n`, corruptions: 0 };
}

function countsOf({ cases, suggestions, left }: Tally, seed: number): string {
  const reasons = Object.entries(left).map(([reason, count]) => `left over, ${reason}: ${count}\n`);
  return [
    `seed: ${seed}\n`,
    `changes: ${cases}\n`,
    `suggestions: ${suggestions}\n`,
    ...reasons,
  ].join('');
}

function failureOf(found: fc.RunDetails<[ShownChange]>): string {
  const { seed, counterexamplePath, counterexample, errorInstance } = found;
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const replay = `npm run fuzz -- suggestions --seed ${seed} --path ${counterexamplePath}`;
  const change = JSON.stringify(counterexample?.[0], null, 2);
  const shown = change.length > maxShown ? `${change.slice(0, maxShown)}…` : change;
  return `${reason}\n${shown}\nreplay: ${replay}\n`;
}
