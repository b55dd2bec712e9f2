import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { BullQueue, type BullQueueOptions } from '../../src/adapters/bullmq/bull-queue.ts';
import { type EmbeddedRedis, startEmbeddedRedis } from '../../src/adapters/redis/embedded.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { TestJob } from './queue-contract-job.ts';
import { temporaryFolder } from './store-folder.ts';

/** The machine's own time: servers and locks run on it. */
export const realClock: Clock = {
  nowMs: () => Date.now(),
  after: async (ms, signal) => {
    await sleep(ms, undefined, signal && { signal }).catch(() => undefined);
  },
};

/** One line of a log: its level, message and fields. */
export type LogLine = readonly [string, string, Readonly<Record<string, unknown>>];

/** A log that a test can read. */
export function recordingLog(lines: LogLine[] = []): Log {
  const at = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    lines.push([level, message, fields]);
  };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** A Redis of the test's own that ends with it. */
export async function redisIn(
  dataDir = temporaryFolder(),
  log = recordingLog(),
): Promise<EmbeddedRedis> {
  const redis = await startEmbeddedRedis({ dataDir, clock: realClock, log });
  onTestFinished(() => redis.stop());
  return redis;
}

/** The process id of the server of a data folder. */
export function serverPid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'redis', 'redis.pid'), 'utf8'));
}

/** Ends the server of a data folder as a power cut would. */
export function killServer(dataDir: string): void {
  process.kill(serverPid(dataDir), 'SIGKILL');
}

/** A queue on that Redis, with delays that a test can wait for. */
export function queueOn(
  redis: { readonly socketPath: string },
  changes: Partial<BullQueueOptions<TestJob>> = {},
): BullQueue<TestJob> {
  return new BullQueue({
    name: 'test',
    redis: { socketPath: redis.socketPath },
    schema: TestJob,
    log: recordingLog(),
    backoffMs: 20,
    minPutBackMs: 1,
    ...changes,
  });
}
