/** A worker that takes one job and hangs: `node queue-taker.ts SOCKET LOCK_MS`. Says `taken ID`. */
import process from 'node:process';
import { BullQueue } from '../../src/adapters/bullmq/bull-queue.ts';
import { TestJob } from './queue-contract-job.ts';

const [, , socketPath = '', lockMs = ''] = process.argv;
const silent = () => undefined;
const queue = new BullQueue<TestJob>({
  name: 'test',
  redis: { socketPath },
  schema: TestJob,
  log: { info: silent, warn: silent, error: silent },
  lockMs: Number(lockMs),
});
queue.process((_job, { id }) => {
  process.stdout.write(`taken ${id}\n`);
  return new Promise(() => undefined);
}, 1);
