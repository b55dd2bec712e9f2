import { parseArgs } from 'node:util';

/** What a run of the fuzzer is asked for. */
export interface FuzzOptions {
  readonly runs: number;
  /** Of the generators: the same seed gives the same cases. */
  readonly seed: number;
  /** The one case to play again, as a replay line names it; all of them unless given. */
  readonly path: string | undefined;
}

const usage = 'usage: npm run fuzz -- suggestions [--runs N] [--seed S] [--path P]';
const defaultRuns = '100000';

/**
 * Takes the seed from the clock unless it is given.
 * @throws Error that says what is wrong, for the person who typed it
 */
export function readFuzzOptions(args: readonly string[]): FuzzOptions {
  const { values, positionals } = parse(args);
  const { runs, seed, path } = values;
  if (positionals.join(' ') !== 'suggestions') throw new Error(usage);
  if (!/^[1-9]\d{0,7}$/.test(runs)) throw new Error(`--runs takes 1 to 99999999; ${usage}`);
  if (seed !== undefined && !/^\d{1,9}$/.test(seed))
    throw new Error(`--seed takes a number of at most nine digits; ${usage}`);
  if (path !== undefined && !/^\d+(:\d+)*$/.test(path))
    throw new Error(`--path takes numbers between colons; ${usage}`);
  return { runs: Number(runs), seed: Number(seed ?? Date.now() % 1_000_000_000), path };
}

function parse(args: readonly string[]) {
  const options = {
    runs: { type: 'string', default: defaultRuns },
    seed: { type: 'string' },
    path: { type: 'string' },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    throw new Error(usage, { cause });
  }
}
