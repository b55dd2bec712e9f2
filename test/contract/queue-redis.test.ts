import { Redis } from 'ioredis';
import { expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import type { BullQueue } from '../../src/adapters/bullmq/bull-queue.ts';
import { jobOf, type TestJob } from './queue-contract-job.ts';
import {
  killServer,
  type LogLine,
  queueOn,
  recordingLog,
  redisIn,
  serverPid,
} from './queue-redis-server.ts';
import { temporaryFolder } from './store-folder.ts';

const waitOptions = { timeout: 30_000, interval: 10 };
const unavailable = { code: 'queue.unavailable', retryable: true };

function closing(queue: BullQueue<TestJob>): BullQueue<TestJob> {
  onTestFinished(() => queue.close());
  return queue;
}

/** It fails by itself: a call that hung would end the test by its time limit. */
async function failsSoon(work: () => Promise<void>): Promise<void> {
  await expect(work()).rejects.toMatchObject(unavailable);
}

/** How many jobs some worker holds: 0 once every handler's end is in Redis, too. */
async function heldJobs(socketPath: string): Promise<number> {
  const client = new Redis({ path: socketPath });
  try {
    const lists = await client.keys('*:active');
    const lengths = await Promise.all(lists.map((list) => client.llen(list)));
    return lengths.reduce((sum, length) => sum + length, 0);
  } finally {
    client.disconnect();
  }
}

async function addUntilTaken(queue: BullQueue<TestJob>, id: string): Promise<void> {
  await vi.waitFor(() => queue.add(id, jobOf(id)), waitOptions);
}

test('no job is lost and none is done again when the server is killed in the middle', async () => {
  const dataDir = temporaryFolder();
  const redis = await redisIn(dataDir);
  const producer = closing(queueOn(redis));
  const consumer = closing(queueOn(redis, { lockMs: 1_000 }));
  const runs = new Map<string, number>();
  consumer.process(async (_job, { id }) => {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    runs.set(id, (runs.get(id) ?? 0) + 1);
  }, 5);
  const ids = Array.from({ length: 300 }, (_, index) => `job-${index}`);
  const before = serverPid(dataDir);
  for (const [index, id] of ids.entries()) {
    if (index === 150) killServer(dataDir);
    await addUntilTaken(producer, id);
  }
  expect(serverPid(dataDir)).not.toBe(before);
  await expect.poll(() => runs.size, waitOptions).toBe(300);
  // A job that was held in that moment is done again only when its lock is over.
  await expect.poll(() => heldJobs(redis.socketPath), waitOptions).toBe(0);

  // At most the jobs that were under way in that moment ran twice.
  const repeated = [...runs.values()].filter((count) => count > 1);
  expect(repeated.length).toBeLessThanOrEqual(5);
  expect(Math.max(...runs.values())).toBeLessThanOrEqual(2);

  // A job that is done stays done, also over the next power cut.
  const counts = new Map(runs);
  killServer(dataDir);
  for (const id of ids) await addUntilTaken(producer, id);
  await addUntilTaken(producer, 'last');
  await expect.poll(() => runs.get('last'), waitOptions).toBe(1);
  runs.delete('last');
  expect(runs).toEqual(counts);
});

test('a job that was added is there after a power cut that follows at once', async () => {
  const dataDir = temporaryFolder();
  const redis = await redisIn(dataDir);
  const producer = closing(queueOn(redis));
  await producer.add('a', jobOf('a'));
  killServer(dataDir);
  const consumer = closing(queueOn(redis));
  const seen: string[] = [];
  consumer.process(async (_job, { id }) => {
    seen.push(id);
    await Promise.resolve();
  }, 1);
  await expect.poll(() => seen, waitOptions).toEqual(['a']);
});

test('adding and pinging fail soon while Redis is down, and work again when it is back', async () => {
  const dataDir = temporaryFolder();
  const redis = await redisIn(dataDir);
  const lines: LogLine[] = [];
  const queue = closing(queueOn(redis, { log: recordingLog(lines) }));
  await queue.add('a', jobOf('a'));
  await redis.stop();
  await failsSoon(() => queue.ping());
  await failsSoon(() => queue.add('b', jobOf('b')));
  await redisIn(dataDir);
  await addUntilTaken(queue, 'b');
  await expect(queue.ping()).resolves.toBeUndefined();
  const messages = lines.map(([, message]) => message);
  expect(messages).toEqual(['Redis does not answer', 'Redis answers again']);
});

test('a queue that is made while Redis is down works once it is up', async () => {
  const dataDir = temporaryFolder();
  const redis = await redisIn(dataDir);
  await redis.stop();
  const queue = closing(queueOn(redis));
  const seen: string[] = [];
  queue.process(async (_job, { id }) => {
    seen.push(id);
    await Promise.resolve();
  }, 1);
  await failsSoon(() => queue.add('a', jobOf('a')));
  await redisIn(dataDir);
  await addUntilTaken(queue, 'b');
  await expect.poll(() => seen, waitOptions).toEqual(['b']);
});

test('closing ends soon while Redis is down', async () => {
  const redis = await redisIn();
  const queue = queueOn(redis);
  await queue.add('a', jobOf('a'));
  const seen: string[] = [];
  queue.process(async (_job, { id }) => {
    seen.push(id);
    await Promise.resolve();
  }, 1);
  await expect.poll(() => seen, waitOptions).toEqual(['a']);
  await redis.stop();
  await expect(queue.close()).resolves.toBeUndefined();
});

test('a job that does not match its schema is not handed over, and is told', async () => {
  const redis = await redisIn();
  const loose = closing(queueOn(redis, { schema: z.any() }));
  const lines: LogLine[] = [];
  const strict = closing(queueOn(redis, { log: recordingLog(lines) }));
  const seen: string[] = [];
  strict.process(async (_job, { id }) => {
    seen.push(id);
    await Promise.resolve();
  }, 1);
  await loose.add('bad', { name: 7, nested: ['secret'] } as unknown as TestJob);
  await loose.add('good', jobOf('good'));
  await expect.poll(() => seen, waitOptions).toEqual(['good']);
  expect(lines).toContainEqual([
    'error',
    'a job has failed for good',
    expect.objectContaining({ jobId: 'bad', code: 'malformed' }),
  ]);
  expect(JSON.stringify(lines)).not.toContain('secret');
});

test('a job is given up after the last attempt, and that is told', async () => {
  const redis = await redisIn();
  const lines: LogLine[] = [];
  const queue = closing(queueOn(redis, { attempts: 3, backoffMs: 1, log: recordingLog(lines) }));
  queue.process(() => {
    throw new Error('with a secret');
  }, 1);
  await queue.add('a', jobOf('a'));
  await expect
    .poll(() => lines.map(([level, , { attempt }]) => `${level} ${String(attempt)}`), waitOptions)
    .toEqual(['warn 1', 'warn 2', 'error 3']);
  expect(lines[0]?.[2]).toMatchObject({ code: 'unknown', fault: 'Error' });
  expect(JSON.stringify(lines)).toContain('queue-redis.test.ts');
  expect(JSON.stringify(lines)).not.toContain('secret');
});

test.each(['', 'x'.repeat(201), '\ud800'])('an id that is none is refused: %j', async (id) => {
  const queue = closing(queueOn(await redisIn()));
  await expect(queue.add(id, jobOf('a'))).rejects.toThrow(TypeError);
});
