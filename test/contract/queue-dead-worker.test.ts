import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { jobOf } from './queue-contract-job.ts';
import { queueOn, redisIn } from './queue-redis-server.ts';

const script = fileURLToPath(new URL('./queue-taker.ts', import.meta.url));
const LOCK_MS = 500;

test('the job of a worker that was killed is taken by another', async () => {
  const redis = await redisIn();
  const queue = queueOn(redis, { lockMs: LOCK_MS });
  onTestFinished(() => queue.close());
  await queue.add('a', jobOf('a'));
  const args = [script, redis.socketPath, String(LOCK_MS)];
  const dead = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    dead.kill('SIGKILL');
  });
  expect(String((await once(dead.stdout, 'data'))[0])).toBe('taken a\n');
  dead.kill('SIGKILL');
  const seen: string[] = [];
  queue.process(async (_job, { id }) => {
    seen.push(id);
    await Promise.resolve();
  }, 1);
  await expect.poll(() => seen, { timeout: 20_000, interval: 20 }).toEqual(['a']);
});
