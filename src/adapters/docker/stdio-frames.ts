import { SallyportError } from '../../errors.ts';

/** Which stream a frame belongs to; stdin never comes back. */
export type OutputStream = 'stdout' | 'stderr';

const headerBytes = 8;
/** The engine copies in pieces of 32 KiB; a far larger frame means that we lost our place. */
const maxFrameBytes = 16 * 1024 * 1024;

/**
 * Takes the engine's multiplexed output apart (Docker Engine API, "Stream format": one byte of
 * stream, three of zero, four of length). Holds no payload, only the eight bytes of a header.
 */
export class StdioFrames {
  readonly #emit: (stream: OutputStream, payload: Buffer) => void;
  readonly #header = Buffer.alloc(headerBytes);
  #headerFilled = 0;
  #stream: OutputStream = 'stdout';
  #missing = 0;

  constructor(emit: (stream: OutputStream, payload: Buffer) => void) {
    this.#emit = emit;
  }

  /**
   * Takes the next bytes of the connection.
   * @throws SallyportError `engine.failed` on a header that the engine would not write.
   */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) rest = this.#missing > 0 ? this.#payload(rest) : this.#fill(rest);
  }

  #payload(rest: Buffer): Buffer {
    const part = rest.subarray(0, this.#missing);
    this.#missing -= part.length;
    this.#emit(this.#stream, part);
    return rest.subarray(part.length);
  }

  #fill(rest: Buffer): Buffer {
    const taken = rest.copy(this.#header, this.#headerFilled, 0, headerBytes - this.#headerFilled);
    this.#headerFilled += taken;
    if (this.#headerFilled === headerBytes) this.#begin();
    return rest.subarray(taken);
  }

  #begin(): void {
    this.#headerFilled = 0;
    this.#missing = this.#header.readUInt32BE(4);
    this.#stream = streamOf(this.#header.readUInt32BE(0));
    if (this.#missing > maxFrameBytes)
      throw new SallyportError('engine.failed', 'a frame of the engine is too large');
  }
}

function streamOf(word: number): OutputStream {
  if (word === 0x01_00_00_00) return 'stdout';
  if (word === 0x02_00_00_00) return 'stderr';
  throw new SallyportError('engine.failed', 'the engine sent a frame of an unknown stream');
}
