import type { ServerHttp2Stream } from 'node:http2';
import type { LimitReason } from '../domain/limits.ts';
import { SallyportError } from '../errors.ts';
import { limitReached } from './limit-error.ts';

const newline = 0x0a;

/** Reads a request body piece by piece, holding no more than it was asked for and one chunk. */
export class BodyReader {
  readonly #stream: ServerHttp2Stream;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /**
   * The bytes before the next `\n`; undefined at the end of the body.
   * @throws SallyportError `result.limit` naming `what` above `maxBytes`; `wire.failed` when the
   * body ends inside a line.
   */
  async line(
    what: string,
    { limit, maxBytes }: { readonly limit: LimitReason; readonly maxBytes: number },
  ): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    let length = 0;
    while (await this.#fill()) {
      const end = this.#rest.indexOf(newline);
      const part = this.#take(end === -1 ? this.#rest.length : end);
      parts.push(part);
      length += part.length;
      // Before the next chunk is read: a line without an end must not be collected for ever.
      if (length > maxBytes) throw limitReached(limit, what, maxBytes);
      if (end === -1) continue;
      this.#take(1);
      return Buffer.concat(parts, length);
    }
    if (length > 0) throw new SallyportError('wire.failed', `the sandbox ended inside ${what}`);
    return undefined;
  }

  /**
   * Exactly `bytes` bytes.
   * @throws SallyportError `result.malformed` when the body ends before.
   */
  async exactly(bytes: number): Promise<Buffer> {
    const target = Buffer.alloc(bytes);
    let filled = 0;
    while (filled < bytes) {
      if (!(await this.#fill()))
        throw new SallyportError('result.malformed', 'the result is shorter than it declares');
      filled += this.#take(bytes - filled).copy(target, filled);
    }
    return target;
  }

  /** Has every byte of the body been taken? Waits for the next byte or the end. */
  async isAtEnd(): Promise<boolean> {
    return !(await this.#fill());
  }

  /** Makes `#rest` non-empty; false at the end of the body. */
  async #fill(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const next = await this.#nextChunk();
      if (next === undefined) return false;
      this.#rest = next;
    }
    return true;
  }

  async #nextChunk(): Promise<Buffer | undefined> {
    try {
      const next = await this.#chunks.next();
      if (next.done !== true) return next.value;
    } catch (cause) {
      throw new SallyportError('wire.failed', 'the sandbox broke off a request', { cause });
    }
    // Node ends the body of a reset stream like that of a finished one.
    if (this.#stream.aborted)
      throw new SallyportError('wire.failed', 'the sandbox reset a request');
    return undefined;
  }

  #take(bytes: number): Buffer {
    const taken = this.#rest.subarray(0, bytes);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }
}
