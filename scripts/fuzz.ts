import { readFuzzOptions } from './fuzz/options.ts';
import { fuzzSuggestions } from './fuzz/suggestions.ts';
import { runScript } from './setup/run-script.ts';

/**
 * `npm run fuzz -- suggestions [--runs N] [--seed S] [--path P]`: looks for a change whose suggestions do not
 * give exactly the worker's file. Counts go to stdout, progress to stderr; exit code 1 when one is found.
 */
await runScript(async () => {
  const { text, corruptions } = fuzzSuggestions(readFuzzOptions(process.argv.slice(2)), (line) =>
    process.stderr.write(`fuzz: ${line}\n`),
  );
  process.stdout.write(text);
  if (corruptions > 0) process.exitCode = 1;
});
