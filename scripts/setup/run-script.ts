import { announce } from './announce.ts';

/**
 * Runs a script's main function. An error ends it with exit code 1 and its message: the set-up's
 * errors are written for whoever has to install something, and a stack trace only hides them.
 */
export async function runScript(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    announce(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
