import { announce } from '../scripts/setup/announce.ts';
import { readOptions } from './options.ts';
import { jsonOf, tableOf } from './print-outcomes.ts';
import { runSuite } from './sandbox/suite.ts';

/** `npm run bench -- NAME`: measures, prints a table, and with `--json` the same on stdout as JSON. */
async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options.suite !== 'sandbox')
    throw new Error(`no benchmark ${options.suite}; there is: sandbox`);
  const outcomes = await runSuite(options);
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
