import { once } from 'node:events';
import { type JobsOptions, Queue } from 'bullmq';
import type { Log } from '../../ports/log.ts';
import { withinDeadline } from './deadline.ts';
import { encodeJobId } from './job-id.ts';
import { openRedisClient, type RedisAddress, type RedisClient } from './redis-client.ts';

/** What a producer needs; times in ms. */
export interface ProducerOptions {
  readonly name: string;
  readonly prefix: string;
  readonly redis: RedisAddress;
  readonly log: Log;
  /** After this an `add` or a `ping` that has had no answer fails. */
  readonly timeoutMs: number;
  readonly jobs: JobsOptions;
}

/** The adding side of a queue: answers or fails within its deadline, and recovers by itself. */
export class Producer {
  readonly #options: ProducerOptions;
  readonly #client: RedisClient;
  #queue: Promise<Queue> | undefined;

  constructor(options: ProducerOptions) {
    this.#options = options;
    // Fail rather than wait: no queue of commands while Redis is down, none sent again when it is back.
    const failFast = {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      commandTimeout: options.timeoutMs,
    };
    this.#client = openRedisClient(options.redis, failFast, options.log);
  }

  /** @throws SallyportError `queue.unavailable` */
  async add(id: string, job: unknown): Promise<void> {
    const jobId = encodeJobId(id);
    const { name, jobs, timeoutMs } = this.#options;
    const added = this.#open().then((queue) => queue.add(name, job, { ...jobs, jobId }));
    await withinDeadline(added, timeoutMs);
  }

  /** @throws SallyportError `queue.unavailable` */
  async has(id: string): Promise<boolean> {
    return (await this.#stateOf(id)) !== 'unknown';
  }

  /** @throws SallyportError `queue.unavailable` */
  async isOpen(id: string): Promise<boolean> {
    return !['unknown', 'completed', 'failed'].includes(await this.#stateOf(id));
  }

  /** @throws SallyportError `queue.unavailable` */
  async ping(): Promise<void> {
    const answer = this.#ready().then(() => this.#client.ping());
    await withinDeadline(answer, this.#options.timeoutMs);
  }

  async close(): Promise<void> {
    // Only cut: what was added has been answered, and what has not must not wait for Redis.
    this.#client.cut();
    const queue = await this.#queue?.catch(() => undefined);
    await queue?.close();
  }

  async #ready(): Promise<void> {
    if (this.#client.status === 'ready') return;
    // Rejects at the next failed attempt; the deadline bounds the wait when there is none.
    await once(this.#client, 'ready', { signal: AbortSignal.timeout(this.#options.timeoutMs) });
  }

  async #stateOf(id: string): Promise<string> {
    const jobId = encodeJobId(id);
    const state = this.#open().then((queue) => queue.getJobState(jobId));
    return withinDeadline(state, this.#options.timeoutMs);
  }

  #open(): Promise<Queue> {
    // BullMQ remembers a failed initialisation for ever: make the queue only when Redis is there.
    this.#queue ??= this.#make().catch((error: unknown) => {
      this.#queue = undefined;
      throw error;
    });
    return this.#queue;
  }

  async #make(): Promise<Queue> {
    await this.#ready();
    const { name, prefix, log } = this.#options;
    const queue = new Queue(name, { connection: this.#client, prefix, skipVersionCheck: true });
    queue.on('error', (error) => {
      // While Redis is away the client has said so, once.
      if (this.#client.status !== 'ready') return;
      log.warn({ queue: name, fault: error.name }, 'the queue reports a fault');
    });
    await queue.waitUntilReady();
    return queue;
  }
}
