import { StringDecoder } from 'node:string_decoder';

/** Longest line that is looked at, in characters. Of a longer one nothing is: half of it would not be JSON. */
const maxLineLength = 1024 * 1024;

/** Cuts a stream of bytes into lines, and keeps no more of it than one. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #partial = '';
  #isTooLong = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  take(chunk: Buffer): void {
    const [first = '', ...others] = this.#decoder.write(chunk).split('\n');
    this.#append(first);
    for (const piece of others) {
      this.#finish();
      this.#append(piece);
    }
  }

  /** Gives a last line that has no end. */
  end(): void {
    this.#append(this.#decoder.end());
    if (this.#partial !== '') this.#finish();
  }

  #append(piece: string): void {
    this.#isTooLong ||= this.#partial.length + piece.length > maxLineLength;
    this.#partial = this.#isTooLong ? '' : this.#partial + piece;
  }

  #finish(): void {
    if (!this.#isTooLong) this.#onLine(this.#partial);
    this.#partial = '';
    this.#isTooLong = false;
  }
}
