import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, writeSync } from 'node:fs';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/** What was written. */
export type WrittenFile = { readonly bytes: number; readonly sha256: string };

/** A file that was not there before and is written once, from its start to its end. */
export class NewFile {
  readonly #file: number;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  /** `mode` is what it has from the first byte on. @throws when something is there already, a link included */
  constructor(place: string, mode: number) {
    this.#file = openSync(place, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  }

  write(piece: Buffer): void {
    let written = 0;
    while (written < piece.length) written += writeSync(this.#file, piece, written);
    this.#hash.update(piece);
    this.#bytes += piece.length;
  }

  /** Says what was written. Nothing may follow. */
  end(): WrittenFile {
    this.close();
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  close(): void {
    closeSync(this.#file);
  }
}
