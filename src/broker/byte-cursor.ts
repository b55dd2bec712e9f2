/** Reads numbers and pieces of bytes in order; undefined as soon as there are too few. */
export class ByteCursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** An unsigned number of `size` bytes, big endian. */
  number(size: 1 | 2 | 3): number | undefined {
    const piece = this.piece(size);
    return piece?.readUIntBE(0, size);
  }

  piece(length: number): Buffer | undefined {
    if (this.#at + length > this.#bytes.length) return undefined;
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** A piece that is preceded by its length in `size` bytes. */
  vector(size: 1 | 2): Buffer | undefined {
    const length = this.number(size);
    return length === undefined ? undefined : this.piece(length);
  }
}
