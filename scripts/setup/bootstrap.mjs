// Stage 1 of the set-up: `bootstrap.mjs <command> [arguments]`.
//
// Runs on whatever Node started npm (20 and later) and from a clone without node_modules, so it is
// plain JavaScript without a dependency. It installs what package-lock.json pins, finds the Node
// that the lockfile brings, and runs the command under that one.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ensureModules } from './node-modules.mjs';
import { commandLine, pinnedNode, ROOT } from './pinned-node.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs the command with the pinned Node first on PATH; resolves with the exit code to pass on. */
function run(node, commandWithArgs) {
  const { file, args, env } = commandLine(node, commandWithArgs);
  const child = spawn(file, args, { stdio: 'inherit', env, cwd: ROOT });
  // Ctrl-C reaches the whole foreground group by itself; these are for a signal sent to us alone.
  // The handlers also keep this process alive until the child has cleaned up behind itself.
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

try {
  const commandWithArgs = process.argv.slice(2);
  if (commandWithArgs.length === 0) throw new Error('usage: bootstrap.mjs <command> [arguments]');
  await ensureModules(ROOT);
  process.exitCode = await run(pinnedNode(), commandWithArgs);
} catch (error) {
  process.stderr.write(`sallyport set-up: ${error.message}\n`);
  process.exitCode = 1;
}
