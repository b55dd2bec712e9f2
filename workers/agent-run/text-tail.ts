/** The end of what was printed. */
export class TextTail {
  readonly #maxBytes: number;
  #bytes = Buffer.alloc(0);

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  take(chunk: Buffer): void {
    // Of a large piece only its end is copied.
    const piece = chunk.subarray(-this.#maxBytes);
    this.#bytes = Buffer.concat([this.#bytes, piece]).subarray(-this.#maxBytes);
  }

  /** Well-formed; a character that was cut in two is told by U+FFFD. */
  text(): string {
    return this.#bytes.toString('utf8');
  }
}
