import type { Config } from './config.ts';
import { requireApp } from './config.ts';
import { keepCatchingUp } from './dispatch/catch-up.ts';
import { checkPolicy } from './dispatch/check-policy.ts';
import { handleTrigger } from './dispatch/handle-trigger.ts';
import { keepSweeping } from './dispatch/reap.ts';
import { reconcile, recoverRunner } from './dispatch/recover.ts';
import { runTask } from './dispatch/run-task.ts';
import { settleTask } from './dispatch/settle-task.ts';
import { SallyportError } from './errors.ts';
import { type GuardedRunner, guardRunner } from './guarded-runner.ts';
import type { Log } from './ports/log.ts';
import { Postponed } from './ports/queue.ts';
import { startServer } from './server.ts';
import { openSystem, type System } from './wiring.ts';

/** `serve`: webhooks, gates, publisher. `runner`: takes tasks. `start`: both in one process. */
export type Role = 'start' | 'serve' | 'runner';

/** A process that is up. */
export interface Started {
  /** Where webhooks are taken; null for a runner. */
  readonly url: string | null;
  stop(): Promise<void>;
}

/** How often lost work is looked for, in ms. */
const reconcileEveryMs = 60_000;
/** Deliveries planned at once, and tasks published at once, in one process. */
const planConcurrency = 4;
const publishConcurrency = 4;
/** How long a task waits for another runner, or for this one to be mended, ms. */
const unprovenDelayMs = 10_000;

/** Starts a role and resolves when it takes work. */
export async function startRole(config: Config, role: Role, log: Log): Promise<Started> {
  const system = await openSystem(config, log);
  const stopping = new AbortController();
  let warm: Promise<void> | undefined;
  try {
    const runner = role === 'serve' ? null : await startRunner(config, system, stopping.signal);
    warm = runner?.warm;
    const server =
      role === 'runner' ? null : await startControlPlane(config, system, { log, runner });
    void reconcileForEver(system, stopping.signal);
    if (server !== null) void keepCatchingUp(system.context, stopping.signal);
    return {
      url: server?.url ?? null,
      stop: async () => {
        stopping.abort();
        await Promise.all([server?.close(), warm]);
        await system.close();
      },
    };
  } catch (error) {
    stopping.abort();
    await warm;
    await system.close();
    throw error;
  }
}

/** The guard of a runner that has started, and the end of what it keeps warm. */
interface StartedRunner extends Pick<GuardedRunner, 'guard' | 'usual'> {
  readonly warm: Promise<void>;
}

/**
 * Prove, then run: the first task is taken when one sandbox has been looked at from the inside. `warm`
 * resolves when nothing waits any more, after `stopping`.
 */
async function startRunner(
  config: Config,
  system: System,
  stopping: AbortSignal,
): Promise<StartedRunner> {
  const { context } = system;
  const { guard, usual, runner, warm } = guardRunner(config, system);
  await recoverRunner(context, runner);
  // The fault is in the log, and in /readyz; tasks end by its name, or wait for a runner that is sound.
  await guard.prove(usual).catch(requireCoded);
  void guard.keepProving(usual, stopping);
  void keepSweeping({ context, runner }, stopping);
  context.queues.tasks.process(async (job, { signal }) => {
    if (guard.hasFailed(usual)) throw new Postponed(unprovenDelayMs);
    await runTask({ context, runner }, job, signal);
  }, config.concurrency);
  return { guard, usual, warm: warm.keep(stopping) };
}

function requireCoded(error: unknown): void {
  if (!(error instanceof SallyportError)) throw error;
}

async function startControlPlane(
  config: Config,
  { context, runner: { sandbox }, policyCheck }: System,
  { log, runner }: { readonly log: Log; readonly runner: StartedRunner | null },
) {
  const { queues, store } = context;
  queues.deliveries.process(async (trigger) => {
    await handleTrigger(context, trigger);
    await checkPolicy(policyCheck, trigger);
  }, planConcurrency);
  queues.publish.process(({ taskId }) => settleTask(context, taskId), publishConcurrency);
  const { appId, webhookSecret } = requireApp(config);
  return startServer({
    ...config.http,
    appId,
    webhookSecret,
    log,
    enqueue: (trigger) => queues.deliveries.add(trigger.deliveryId, trigger),
    health: {
      queue: () => queues.deliveries.ping(),
      database: () => store.ping(),
      engine: () => sandbox.ping(),
      ...(runner === null ? {} : { runtime: () => runner.guard.check(runner.usual) }),
    },
  });
}

async function reconcileForEver({ context }: System, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    try {
      await reconcile(context);
    } catch (error) {
      context.log.error({ err: error }, 'reconcile failed; trying again');
    }
    await context.clock.after(reconcileEveryMs, stopping);
  }
}
