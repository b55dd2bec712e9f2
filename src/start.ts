import type { Config } from './config.ts';
import { requireApp } from './config.ts';
import { keepCatchingUp } from './dispatch/catch-up.ts';
import { checkPolicy } from './dispatch/check-policy.ts';
import { handleTrigger } from './dispatch/handle-trigger.ts';
import { keepSweeping } from './dispatch/reap.ts';
import { reconcile, recoverRunner } from './dispatch/recover.ts';
import { runTask } from './dispatch/run-task.ts';
import { settleTask } from './dispatch/settle-task.ts';
import type { RuntimeGuard } from './doctor/runtime-guard.ts';
import { SallyportError } from './errors.ts';
import { guardRunner } from './guarded-runner.ts';
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
    const guard = runner?.guard ?? null;
    const server =
      role === 'runner' ? null : await startControlPlane(config, system, { log, guard });
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

/**
 * Prove, then run: the first task is taken when one sandbox has been looked at from the inside. `warm`
 * resolves when nothing waits any more, after `stopping`.
 */
async function startRunner(
  config: Config,
  system: System,
  stopping: AbortSignal,
): Promise<{ readonly guard: RuntimeGuard; readonly warm: Promise<void> }> {
  const { context } = system;
  const { guard, runner, warm } = guardRunner(config, system);
  await recoverRunner(context, runner);
  const { runtime } = context.policies.operator.policy;
  // The fault is in the log, and in /readyz; tasks end by its name, or wait for a runner that is sound.
  await guard.prove(runtime).catch(requireCoded);
  void guard.keepProving(runtime, stopping);
  void keepSweeping({ context, runner }, stopping);
  context.queues.tasks.process(async (job, { signal }) => {
    if (guard.hasFailed(runtime)) throw new Postponed(unprovenDelayMs);
    await runTask({ context, runner }, job, signal);
  }, config.concurrency);
  return { guard, warm: warm.keep(stopping) };
}

function requireCoded(error: unknown): void {
  if (!(error instanceof SallyportError)) throw error;
}

async function startControlPlane(
  config: Config,
  { context, runner, policyCheck }: System,
  { log, guard }: { readonly log: Log; readonly guard: RuntimeGuard | null },
) {
  const { queues, store } = context;
  const { runtime } = context.policies.operator.policy;
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
      engine: () => runner.sandbox.ping(),
      ...(guard === null ? {} : { runtime: () => guard.check(runtime) }),
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
