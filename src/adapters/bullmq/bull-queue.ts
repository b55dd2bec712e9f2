import type { z } from 'zod';
import type { Log } from '../../ports/log.ts';
import type { JobContext, JobQueue } from '../../ports/queue.ts';
import { Consumer } from './consumer.ts';
import { Producer } from './producer.ts';
import type { RedisAddress } from './redis-client.ts';

/** What a queue is made of. Numbers have defaults for production. */
export interface BullQueueOptions<Job> {
  /** Letters, digits and dashes. Queues of one name on one Redis are one queue. */
  readonly name: string;
  readonly redis: RedisAddress;
  /** What a job must match when it is taken; Redis is not believed. */
  readonly schema: z.ZodType<Job>;
  readonly log: Log;
  /** In front of every key, so that a Redis can be shared. */
  readonly prefix?: string;
  /** How often a job is tried, the first time included. */
  readonly attempts?: number;
  /** Delay before the second attempt, in ms; it doubles with each that follows. */
  readonly backoffMs?: number;
  /** Shortest time for which a job is put back because its error says when to come again, in ms. */
  readonly minPutBackMs?: number;
  /** A job of a worker that has been silent for this long is taken by another. */
  readonly lockMs?: number;
  /** `add` and `ping` fail after this, in ms. GitHub gives a webhook 10 s. */
  readonly timeoutMs?: number;
}

/** GitHub lets a delivery be sent again for 3 days; a day more, so that it is still known as the same one. */
const KEEP_SECONDS = 4 * 24 * 3_600;
/** Bounds the memory of what is kept: about 1 kB each. */
const KEEP_JOBS = 100_000;

/** A durable queue in Redis by BullMQ. */
export class BullQueue<Job> implements JobQueue<Job> {
  readonly #options: Required<BullQueueOptions<Job>>;
  readonly #producer: Producer;
  #consumer: Consumer<Job> | undefined;

  constructor(options: BullQueueOptions<Job>) {
    if (!/^[a-z0-9-]+$/.test(options.name)) throw new TypeError('a queue has a plain name');
    this.#options = {
      prefix: 'sallyport',
      attempts: 8,
      // 5 s to 5 min, 10 minutes in all: longer than most outages of GitHub or a database.
      backoffMs: 5_000,
      minPutBackMs: 1_000,
      lockMs: 30_000,
      timeoutMs: 2_000,
      ...options,
    };
    const { attempts, backoffMs } = this.#options;
    const kept = { age: KEEP_SECONDS, count: KEEP_JOBS };
    this.#producer = new Producer({
      ...this.#options,
      jobs: {
        attempts,
        backoff: { type: 'exponential', delay: backoffMs, jitter: 0.2 },
        // Jobs that are over stay: their ids are what makes adding them again a no-op.
        removeOnComplete: kept,
        removeOnFail: kept,
        stackTraceLimit: 0,
      },
    });
  }

  add(id: string, job: Job): Promise<void> {
    return this.#producer.add(id, job);
  }

  has(id: string): Promise<boolean> {
    return this.#producer.has(id);
  }

  isOpen(id: string): Promise<boolean> {
    return this.#producer.isOpen(id);
  }

  process(handler: (job: Job, context: JobContext) => Promise<void>, concurrency: number): void {
    if (this.#consumer !== undefined) throw new Error('this queue is being processed already');
    this.#consumer = new Consumer({ ...this.#options, handler, concurrency });
  }

  ping(): Promise<void> {
    return this.#producer.ping();
  }

  async close(): Promise<void> {
    // The consumer first: a handler that is ending may still add jobs here.
    await this.#consumer?.close();
    await this.#producer.close();
  }
}
