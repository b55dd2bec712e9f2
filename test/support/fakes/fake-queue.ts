import { SallyportError } from '../../../src/errors.ts';
import { type JobContext, type JobQueue, Postponed } from '../../../src/ports/queue.ts';

interface FakeJob<Job> {
  readonly id: string;
  readonly job: Job;
  attempts: number;
  state: 'waiting' | 'active' | 'completed' | 'failed';
}

type Handler<Job> = (job: Job, context: JobContext) => Promise<void>;

/** What a queue and its siblings share: the jobs, in the order in which they came. */
class FakeJobs<Job> {
  readonly byId = new Map<string, FakeJob<Job>>();
  readonly takers = new Set<() => void>();
  isDown = false;

  next(): FakeJob<Job> | undefined {
    return [...this.byId.values()].find(({ state }) => state === 'waiting');
  }
}

/** A queue in memory. A failed job is tried again in the next turn of the event loop, 8 times at most. */
export class FakeQueue<Job> implements JobQueue<Job> {
  readonly #jobs: FakeJobs<Job>;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #take: () => void = () => undefined;

  constructor(jobs = new FakeJobs<Job>()) {
    this.#jobs = jobs;
  }

  /** Another handle on the same jobs, as another process would have it. */
  sibling(): FakeQueue<Job> {
    return new FakeQueue(this.#jobs);
  }

  /** While true, `add` and `ping` fail. */
  set isDown(isDown: boolean) {
    this.#jobs.isDown = isDown;
  }

  /** Every job ever added, by id. */
  get jobs(): ReadonlyMap<string, Readonly<FakeJob<Job>>> {
    return this.#jobs.byId;
  }

  async add(id: string, job: Job): Promise<void> {
    await this.ping();
    if (this.#jobs.byId.has(id)) return;
    this.#jobs.byId.set(id, { id, job: structuredClone(job), attempts: 0, state: 'waiting' });
    this.#wake();
  }

  async has(id: string): Promise<boolean> {
    await this.ping();
    return this.#jobs.byId.has(id);
  }

  async isOpen(id: string): Promise<boolean> {
    await this.ping();
    const state = this.#jobs.byId.get(id)?.state;
    return state === 'waiting' || state === 'active';
  }

  process(handler: Handler<Job>, concurrency: number): void {
    this.#take = () => {
      while (!this.#stop.signal.aborted && this.#running.size < concurrency) {
        const next = this.#jobs.next();
        if (next === undefined) return;
        this.#start(next, handler);
      }
    };
    this.#jobs.takers.add(this.#take);
    this.#take();
  }

  async ping(): Promise<void> {
    await Promise.resolve();
    if (this.#jobs.isDown) throw new SallyportError('queue.unavailable', 'the fake is down');
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#jobs.takers.delete(this.#take);
    await Promise.all(this.#running);
    this.#wake();
  }

  #wake(): void {
    for (const take of this.#jobs.takers) setImmediate(take);
  }

  /** What was put off does not stand before what waits. */
  #putLast(job: FakeJob<Job>): void {
    this.#jobs.byId.delete(job.id);
    this.#jobs.byId.set(job.id, job);
  }

  #start(job: FakeJob<Job>, handler: Handler<Job>): void {
    job.state = 'active';
    const running = this.#run(job, handler).finally(() => {
      this.#running.delete(running);
      this.#wake();
    });
    this.#running.add(running);
  }

  async #run(job: FakeJob<Job>, handler: Handler<Job>): Promise<void> {
    const { signal } = this.#stop;
    try {
      await handler(structuredClone(job.job), { id: job.id, signal });
      job.state = 'completed';
    } catch (error) {
      const isPutOff = error instanceof Postponed || saysWhen(error);
      if (!signal.aborted && !isPutOff) job.attempts += 1;
      if (isPutOff) this.#putLast(job);
      const mayRetry = signal.aborted || !(error instanceof SallyportError) || error.retryable;
      job.state = mayRetry && job.attempts < 8 ? 'waiting' : 'failed';
    }
  }
}

function saysWhen(error: unknown): boolean {
  return error instanceof SallyportError && error.retryable && error.retryAfterMs !== null;
}
