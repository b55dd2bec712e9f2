/** What a handler learns about the job it is given. */
export interface JobContext {
  readonly id: string;
  /** Aborts when the worker is told to stop; the job is then taken again by another. */
  readonly signal: AbortSignal;
}

/** Thrown by a handler that cannot take the job now: it goes back for a while, and no attempt is counted. */
export class Postponed extends Error {
  readonly delayMs: number;

  constructor(delayMs: number) {
    super(`postponed for ${delayMs} ms`);
    this.name = 'Postponed';
    this.delayMs = delayMs;
  }
}

/**
 * One durable queue of jobs of one kind. At-least-once: handlers must be idempotent.
 * A job whose worker dies is handed to another; a job whose handler throws a retryable error is
 * tried again with growing delay, any other error ends it. One whose error has `retryAfterMs` goes back for that
 * long, an hour at most, and no attempt is counted: nothing is dropped because somebody else is slow.
 * @throws SallyportError `queue.unavailable`
 */
export interface JobQueue<Job> {
  /** Adds the job, unless one with this id was added before; resolves when it is durable. */
  add(id: string, job: Job): Promise<void>;
  /** Was a job with this id added? True for days after it is over, however it ended. */
  has(id: string): Promise<boolean>;
  /** Is a job with this id still to be done: waiting, put off for a while, or under way? */
  isOpen(id: string): Promise<boolean>;
  /** Starts taking jobs, at most `concurrency` at once. */
  process(handler: (job: Job, context: JobContext) => Promise<void>, concurrency: number): void;
  /** Resolves when the queue answers; rejects when it does not. */
  ping(): Promise<void>;
  /** Stops taking jobs, waits for those under way to notice their signal, and disconnects. */
  close(): Promise<void>;
}
