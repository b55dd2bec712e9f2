import type { Config } from './config.ts';
import { requireApp } from './config.ts';
import { handleTrigger } from './dispatch/handle-trigger.ts';
import { reconcile, recoverRunner } from './dispatch/recover.ts';
import { runTask } from './dispatch/run-task.ts';
import { settleTask } from './dispatch/settle-task.ts';
import type { Log } from './ports/log.ts';
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

/** Starts a role and resolves when it takes work. */
export async function startRole(config: Config, role: Role, log: Log): Promise<Started> {
  const system = await openSystem(config, log);
  const stopping = new AbortController();
  try {
    if (role !== 'serve') await startRunner(config, system);
    const server = role === 'runner' ? null : await startControlPlane(config, system, log);
    void reconcileForEver(system, stopping.signal);
    return {
      url: server?.url ?? null,
      stop: async () => {
        stopping.abort();
        await server?.close();
        await system.close();
      },
    };
  } catch (error) {
    stopping.abort();
    await system.close();
    throw error;
  }
}

async function startRunner(config: Config, { context, runner }: System): Promise<void> {
  await recoverRunner(context, runner);
  context.queues.tasks.process(
    (job, { signal }) => runTask({ context, runner }, job, signal),
    config.concurrency,
  );
}

async function startControlPlane(config: Config, { context, runner }: System, log: Log) {
  const { queues, store } = context;
  queues.deliveries.process((trigger) => handleTrigger(context, trigger), planConcurrency);
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
