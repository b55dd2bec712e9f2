import type { Clock } from '../../ports/clock.ts';
import { BlobStream } from './blob-stream.ts';
import type { Mirror } from './mirror.ts';

/** A process that nobody has asked for this long is ended; the next question starts another. */
const idleMs = 1_000;

/** Reads single blobs of a mirror, one after the other, through one long-lived process. */
export class BlobReader {
  readonly #mirror: Mirror;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #stream: BlobStream | null = null;
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #idle = new AbortController();

  constructor(mirror: Mirror, clock: Clock, signal: AbortSignal) {
    this.#mirror = mirror;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** All bytes of a blob. @throws SallyportError `git.failed` */
  async read(sha: string): Promise<Buffer> {
    return this.#queue(sha, (stream, bytes) => stream.content(bytes));
  }

  /** The first `maxBytes` bytes of a blob, of whatever size, holding no more in memory. */
  async readStart(sha: string, maxBytes: number): Promise<Buffer> {
    return this.#queue(sha, async (stream, bytes) => {
      let start = Buffer.alloc(0);
      for await (const piece of stream.pieces(bytes)) {
        const wanted = piece.subarray(0, maxBytes - start.length);
        if (wanted.length > 0) start = Buffer.concat([start, wanted]);
      }
      return start;
    });
  }

  async #queue(
    sha: string,
    take: (stream: BlobStream, bytes: number) => Promise<Buffer>,
  ): Promise<Buffer> {
    this.#waiting += 1;
    this.#idle.abort();
    const answer = this.#tail.then(() => this.#answer(sha, take));
    this.#tail = answer.catch(() => undefined);
    try {
      return await answer;
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#closeWhenIdle();
    }
  }

  async #answer(
    sha: string,
    take: (stream: BlobStream, bytes: number) => Promise<Buffer>,
  ): Promise<Buffer> {
    this.#signal.throwIfAborted();
    this.#stream ??= new BlobStream(this.#mirror, this.#signal);
    try {
      this.#stream.ask(sha);
      return await take(this.#stream, await this.#stream.open(sha));
    } catch (error) {
      // After a fault its position in the answers is unknown: start afresh.
      this.#close();
      this.#signal.throwIfAborted();
      throw error;
    }
  }

  #closeWhenIdle(): void {
    const idle = new AbortController();
    this.#idle = idle;
    void this.#closeAfter(idle.signal);
  }

  async #closeAfter(idle: AbortSignal): Promise<void> {
    await this.#clock.after(idleMs, idle);
    if (!idle.aborted) this.#close();
  }

  #close(): void {
    this.#stream?.close();
    this.#stream = null;
  }
}
