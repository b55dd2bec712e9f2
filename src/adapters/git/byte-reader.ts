import type { Readable } from 'node:stream';
import { SallyportError } from '../../errors.ts';

const newline = 0x0a;

/** Pulls lines and counted bytes out of a stream, no faster than they are asked for. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** One line without its end. @throws SallyportError `git.failed` past `maxBytes` or at the end */
  async line(maxBytes = 1_024): Promise<string> {
    let end = this.#rest.indexOf(newline);
    while (end === -1) {
      if (this.#rest.length > maxBytes) throw ended();
      this.#rest = Buffer.concat([this.#rest, await this.#more()]);
      end = this.#rest.indexOf(newline);
    }
    const line = this.#rest.toString('latin1', 0, end);
    this.#rest = this.#rest.subarray(end + 1);
    return line;
  }

  /** Exactly `bytes` bytes, in the pieces they come in. @throws SallyportError `git.failed` at the end */
  async *take(bytes: number): AsyncGenerator<Buffer> {
    let left = bytes;
    while (left > 0) {
      if (this.#rest.length === 0) this.#rest = await this.#more();
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  /** Exactly `bytes` bytes at once. */
  async read(bytes: number): Promise<Buffer> {
    if (this.#rest.length >= bytes) {
      const whole = this.#rest.subarray(0, bytes);
      this.#rest = this.#rest.subarray(bytes);
      return whole;
    }
    const pieces: Buffer[] = [];
    for await (const piece of this.take(bytes)) pieces.push(piece);
    return Buffer.concat(pieces, bytes);
  }

  async #more(): Promise<Buffer> {
    const next = await this.#chunks.next();
    if (next.done === true) throw ended();
    return next.value;
  }
}

function ended(): SallyportError {
  return new SallyportError('git.failed', 'git ended in the middle of an object');
}
