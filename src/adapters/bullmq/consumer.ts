import {
  type Job as BullJob,
  DelayedError,
  UnrecoverableError,
  WaitingError,
  Worker,
} from 'bullmq';
import type { z } from 'zod';
import { SallyportError } from '../../errors.ts';
import type { Log } from '../../ports/log.ts';
import { type JobContext, Postponed } from '../../ports/queue.ts';
import { withinDeadline } from './deadline.ts';
import { decodeJobId } from './job-id.ts';
import { openRedisClient, type RedisAddress, type RedisClient } from './redis-client.ts';

/** What a consumer needs; times in ms. */
export interface ConsumerOptions<Job> {
  readonly name: string;
  readonly prefix: string;
  readonly redis: RedisAddress;
  readonly log: Log;
  readonly schema: z.ZodType<Job>;
  /** A job whose worker has not been heard of for this long is given to another. */
  readonly lockMs: number;
  /** How often a job may be taken from dead workers before it counts as the one that kills them. */
  readonly attempts: number;
  /** Shortest time for which a job is put back because its error says when to come again. */
  readonly minPutBackMs: number;
  readonly handler: (job: Job, context: JobContext) => Promise<void>;
  readonly concurrency: number;
}

/** How long `close` waits for Redis to take note of the last results, once the handlers are done. */
const CLOSE_GRACE_MS = 2_000;
/** Longest time for which a job is put back: what an error says may be wrong, and somebody waits for the check. */
const MAX_PUT_BACK_MS = 3_600_000;

/** The taking side of a queue. */
export class Consumer<Job> {
  readonly #options: ConsumerOptions<Job>;
  readonly #client: RedisClient;
  readonly #worker: Worker;
  readonly #running = new Set<Promise<void>>();
  #isClosing = false;

  constructor(options: ConsumerOptions<Job>) {
    this.#options = options;
    const { name, prefix, lockMs, attempts, concurrency, redis, log } = options;
    // Null is what BullMQ asks of workers: results wait for Redis to come back instead of being lost.
    this.#client = openRedisClient(redis, { maxRetriesPerRequest: null }, log);
    // Three parameters: BullMQ makes an AbortSignal only for a processor that declares it.
    const take = (job: BullJob, token?: string, signal?: AbortSignal) =>
      this.#take(job, token ?? '', signal ?? AbortSignal.abort());
    this.#worker = new Worker(name, take, {
      connection: this.#client,
      prefix,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: attempts,
      runRetryDelay: 1_000,
    });
    this.#report();
  }

  /** Aborts what is under way, waits for the handlers, gives their jobs back and disconnects. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#worker.cancelAllJobs('the worker is told to stop');
    const closed = this.#worker.close();
    await Promise.allSettled(this.#running);
    const { log, name } = this.#options;
    await withinDeadline(closed, CLOSE_GRACE_MS).catch((error: unknown) => {
      if (!(error instanceof SallyportError)) throw error;
      // The jobs are safe: their locks run out and another worker takes them.
      log.warn({ queue: name }, 'Redis did not take note of the last results');
    });
    this.#client.cut();
  }

  async #take(job: BullJob, token: string, signal: AbortSignal): Promise<void> {
    if (this.#isClosing) return giveBack(job, token);
    const parsed = this.#options.schema.safeParse(job.data);
    if (!parsed.success) {
      this.#tell(job, { code: 'malformed' }, true);
      throw new UnrecoverableError('the job does not match its schema');
    }
    // Async, so that a handler that throws at once is one that rejects.
    const run = async () => this.#options.handler(parsed.data, { id: idOf(job), signal });
    const running = run();
    this.#running.add(running);
    try {
      await running;
    } catch (error) {
      if (this.#isClosing) return await giveBack(job, token);
      const delayMs = error instanceof Postponed ? error.delayMs : this.#putBackMs(job, error);
      if (delayMs !== undefined) return await postpone(job, token, delayMs);
      throw this.#verdict(job, error);
    } finally {
      this.#running.delete(running);
    }
  }

  /** How long a job waits that failed because it came too early; undefined for one that failed otherwise. */
  #putBackMs(job: BullJob, error: unknown): number | undefined {
    if (!(error instanceof SallyportError) || !error.retryable) return undefined;
    const { code, retryAfterMs } = error;
    if (retryAfterMs === null) return undefined;
    const { log, name, minPutBackMs } = this.#options;
    const delayMs = Math.min(Math.max(retryAfterMs, minPutBackMs), MAX_PUT_BACK_MS);
    log.warn(
      { queue: name, jobId: idOf(job), code, delayMs },
      'a job came too early and goes back',
    );
    return delayMs;
  }

  /** What BullMQ is told: never the error itself, whose text may mean something to BullMQ or hold secrets. */
  #verdict(job: BullJob, error: unknown): Error {
    const code = error instanceof SallyportError ? error.code : 'unknown';
    const mayRetry = !(error instanceof SallyportError) || error.retryable;
    const isLast = job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
    // A coded error is for the operator; any other is a bug, and only its place says where.
    const place = code === 'unknown' ? placeOf(error) : {};
    this.#tell(job, { code, ...place }, !mayRetry || isLast);
    return mayRetry ? new Error(`failed: ${code}`) : new UnrecoverableError(`failed: ${code}`);
  }

  #tell(job: BullJob, what: Readonly<Record<string, unknown>>, isFinal: boolean): void {
    const attempt = job.attemptsMade + 1;
    const fields = { queue: this.#options.name, jobId: idOf(job), attempt, ...what };
    if (isFinal) this.#options.log.error(fields, 'a job has failed for good');
    else this.#options.log.warn(fields, 'a job has failed and is tried again');
  }

  #report(): void {
    const { log, name } = this.#options;
    this.#worker.on('error', (error) => {
      // While Redis is away the client has said so, once.
      if (this.#client.status !== 'ready') return;
      log.warn({ queue: name, fault: error.name }, 'the worker reports a fault');
    });
    // Another worker may have the job by now: two at once is what the lock is there to prevent.
    this.#worker.on('lockRenewalFailed', (ids) => {
      for (const id of ids) this.#worker.cancelJob(id, 'the lock of the job is lost');
    });
    this.#worker.on('stalled', (id) => {
      log.warn({ queue: name, jobId: decodeJobId(id) }, 'a job is taken from a dead worker');
    });
  }
}

/** Kind and frames of a fault. Not its message: that may quote what came from outside, secrets included. */
function placeOf(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { fault: typeof error };
  const frames = error.stack?.match(/^ {4}at .*$/gm)?.slice(0, 10);
  return { fault: error.name, frames };
}

function idOf(job: BullJob): string {
  return decodeJobId(job.id ?? '');
}

/** Puts the job back for later, for whichever worker is first then, without counting an attempt. */
async function postpone(job: BullJob, token: string, delayMs: number): Promise<never> {
  await job.moveToDelayed(Date.now() + delayMs, token);
  throw new DelayedError();
}

/** Puts the job back in front of the queue, without counting an attempt. */
async function giveBack(job: BullJob, token: string): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}
