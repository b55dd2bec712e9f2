import { announce } from '../scripts/setup/announce.ts';
import { runAgentsSuite } from './agents/suite.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { jsonOf, tableOf } from './print-outcomes.ts';
import { publishCases } from './publish/suite.ts';
import { runCases } from './run-cases.ts';
import type { Outcome } from './run-pairs.ts';
import { runSandboxSuite } from './sandbox/suite.ts';

const suites: Readonly<Record<string, (options: BenchOptions) => Promise<readonly Outcome[]>>> = {
  sandbox: runSandboxSuite,
  agents: runAgentsSuite,
  publish: (options) => runCases(publishCases, options),
};

/** `npm run bench -- NAME`: measures, prints a table, and with `--json` the same on stdout as JSON. */
async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  const run = suites[options.suite];
  if (run === undefined)
    throw new Error(`no benchmark ${options.suite}; there are: ${Object.keys(suites).join(', ')}`);
  const outcomes = await run(options);
  const table = tableOf(outcomes);
  // Stdout belongs to whoever reads JSON.
  if (options.json) {
    process.stderr.write(`${table}\n`);
    process.stdout.write(`${jsonOf(outcomes, options.runtime)}\n`);
  } else process.stdout.write(`${table}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  announce(`the benchmark failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
