import { parseArgs } from 'node:util';
import type { RuntimeClass } from '../src/ports/sandbox.ts';

/** What a run of benchmarks is asked for. */
export interface BenchOptions {
  readonly suite: string;
  readonly json: boolean;
  /** Pairs of each case; each case's own number unless given. */
  readonly rounds: number | undefined;
  /** The one case to run; all of them unless given. */
  readonly only: string | undefined;
  readonly runtime: RuntimeClass;
}

const usage =
  'usage: npm run bench -- sandbox|agents|publish [--json] [--rounds N] [--only CASE] [--runtime runc|runsc]';

/** @throws Error that says what is wrong, for the person who typed it */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parse(args);
  const { json, rounds, only, runtime } = values;
  const [suite] = positionals;
  if (suite === undefined || positionals.length !== 1) throw new Error(usage);
  if (runtime !== 'runc' && runtime !== 'runsc') throw new Error(`no runtime ${runtime}; ${usage}`);
  if (rounds !== undefined && !/^[1-9]\d{0,3}$/.test(rounds))
    throw new Error(`--rounds takes 1 to 9999; ${usage}`);
  return { suite, json, rounds: rounds === undefined ? undefined : Number(rounds), only, runtime };
}

function parse(args: readonly string[]) {
  const options = {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    only: { type: 'string' },
    runtime: { type: 'string', default: 'runc' },
  } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    throw new Error(usage, { cause });
  }
}
