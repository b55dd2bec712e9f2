import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { readReviewOptions } from '../src/cli/review-options.ts';
import { hasCode } from '../src/errors.ts';
import { prepare } from './setup/prepare.ts';
import { ROOT } from './setup/root.ts';
import { runScript } from './setup/run-script.ts';

/**
 * `npm run --silent review -- PATH --base REF --head REF …`: makes engine and image ready, as for the demo,
 * and runs `sallyport review` with them. Stdout holds what the command writes and nothing else.
 */
await runScript(async () => {
  const args = process.argv.slice(2);
  // A slip of the pen is told at once, not after minutes of set-up.
  if (!isWellFormed(args)) {
    process.exitCode = await review(args, {});
    return;
  }
  const { engine, image } = await prepare();
  try {
    process.exitCode = await review(args, {
      DOCKER_HOST: `unix://${engine.socketPath}`,
      SALLYPORT_WORKER_IMAGE: image.ref,
    });
  } finally {
    await engine.release();
  }
});

function isWellFormed(args: readonly string[]): boolean {
  try {
    readReviewOptions(args, ROOT);
    return true;
  } catch (error) {
    if (hasCode(error, 'usage.invalid')) return false;
    throw error;
  }
}

/** Runs the command in a process of its own and resolves with its exit code. */
async function review(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const main = join(ROOT, 'src/main.ts');
  const child = spawn(process.execPath, [main, 'review', ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  // Ctrl-C reaches the child by itself; a signal to us alone is passed on. Either way it cleans up first.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once('error', reject);
  child.once('exit', (code) => resolve(code ?? 1));
  return promise;
}
