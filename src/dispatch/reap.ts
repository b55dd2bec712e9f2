import type { ReapedSandbox } from '../ports/sandbox.ts';
import type { Context } from './context.ts';
import type { Runner, RunnerContext } from './runner.ts';

/** How often a runner looks for containers that nobody wants, in ms. */
const sweepEveryMs = 60_000;

/**
 * Removes every container that no live task owns: of this runner what it has not started itself or could not
 * destroy, of others what is long past its time. Each is a row of the ledger. An engine that is away is told in
 * the log: the next sweep comes.
 */
export async function sweep(context: Context, runner: Runner): Promise<void> {
  try {
    await record(context, runner, await runner.sandbox.removeOwned(runner.id));
    await record(context, runner, await runner.sandbox.removeExpired());
  } catch (error) {
    context.log.error({ err: error }, 'a sweep failed; trying again');
  }
}

/** Sweeps every minute until `stopping` aborts. */
export async function keepSweeping(
  { context, runner }: RunnerContext,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    await context.clock.after(sweepEveryMs, stopping);
    if (!stopping.aborted) await sweep(context, runner);
  }
}

async function record(
  { ledger, log }: Context,
  runner: Runner,
  reaped: readonly ReapedSandbox[],
): Promise<void> {
  for (const { taskId, ...what } of reaped) {
    log.warn({ taskId, ...what }, 'a container that nobody wanted was removed');
    const data = { runnerId: runner.id, ...what };
    await ledger.append({ type: 'sandbox.reaped', taskId, data });
  }
}
