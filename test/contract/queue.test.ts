import { FakeQueue } from '../support/fakes/fake-queue.ts';
import { describeQueueContract } from './queue-contract.ts';
import type { TestJob } from './queue-contract-job.ts';
import { queueOn, redisIn } from './queue-redis-server.ts';

describeQueueContract('the fake', async () => {
  const queue = new FakeQueue<TestJob>();
  return { queue, other: queue.sibling() };
});

describeQueueContract('BullMQ on Redis', async () => {
  const redis = await redisIn();
  return { queue: queueOn(redis), other: queueOn(redis) };
});
