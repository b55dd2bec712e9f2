import { spawnSync } from 'node:child_process';

/**
 * `npm run check`: every static check, all of them even when an early one fails, so that one run
 * shows everything there is to fix.
 */
const CHECKS: readonly (readonly string[])[] = [
  ['tsc', '-p', '.'],
  ['oxlint', '--type-aware', '--deny-warnings', '--report-unused-disable-directives'],
  ['biome', 'check', '--error-on-warnings', '.'],
  ['knip'],
];

function passes(command: readonly string[]): boolean {
  const [tool = '', ...args] = command;
  process.stderr.write(`check: ${command.join(' ')}\n`);
  // bootstrap.mjs has put node_modules/.bin and the pinned Node first on PATH.
  return spawnSync(tool, args, { stdio: 'inherit' }).status === 0;
}

const failed = CHECKS.filter((command) => !passes(command)).map(([tool]) => tool);
if (failed.length > 0) {
  process.stderr.write(`check: failed: ${failed.join(', ')}\n`);
  process.exitCode = 1;
}
