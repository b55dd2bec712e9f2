import { BullQueue } from './adapters/bullmq/bull-queue.ts';
import { startEmbeddedRedis } from './adapters/redis/embedded.ts';
import type { Config } from './config.ts';
import { PublishJob, type Queues, TaskJob } from './dispatch/context.ts';
import { Trigger } from './domain/trigger.ts';
import type { Log } from './ports/log.ts';
import { systemClock } from './system-clock.ts';

type RedisAddress = ConstructorParameters<typeof BullQueue>[0]['redis'];

/** The three queues, all in one Redis. */
export function openQueues(redis: RedisAddress, log: Log): Queues {
  return {
    deliveries: new BullQueue({ name: 'deliveries', redis, schema: Trigger, log }),
    tasks: new BullQueue({ name: 'tasks', redis, schema: TaskJob, log }),
    publish: new BullQueue({ name: 'publish', redis, schema: PublishJob, log }),
  };
}

/** Where Redis is: the operator's, or one of our own, whose end is put among `closers`. */
export async function redisAddress(
  config: Config,
  log: Log,
  closers: (() => Promise<void>)[],
): Promise<RedisAddress> {
  if (config.redisUrl !== null) return { url: config.redisUrl };
  const { dataDir } = config;
  const redis = await startEmbeddedRedis({ dataDir, clock: systemClock, log });
  closers.push(() => redis.stop());
  return { socketPath: redis.socketPath };
}
