import { readPaxFields, readTarHeader, type TarHeader } from './tar-header.ts';

const blockBytes = 512;

/** Takes one entry's bytes, in pieces that are only good during the call. */
export interface EntryBody {
  write(piece: Buffer): void;
  /** Every byte has come. */
  end(): void;
  /** No more will come, and that is a fault. */
  abandon(): void;
}

/** Without content, or with content that nobody wants. */
export const noBody: EntryBody = {
  write: () => undefined,
  end: () => undefined,
  abandon: () => undefined,
};

/**
 * Takes apart a tar as the control plane makes it: POSIX ustar with pax headers for long names. All that is
 * done with a chunk is done when `push` returns: a tree is thousands of small files, and a stream and a
 * promise for each cost more than writing them.
 */
export class TarReader {
  readonly #begin: (header: TarHeader) => EntryBody;
  /** The start of a header that is not whole yet. */
  #partial: Buffer = Buffer.alloc(0);
  #body: EntryBody = noBody;
  #missing = 0;
  #padding = 0;
  /** Fields for the next entry, in the place of its header's. */
  #pax: Partial<TarHeader> = {};
  #isAtEnd = false;

  constructor(begin: (header: TarHeader) => EntryBody) {
    this.#begin = begin;
  }

  /** Takes the next bytes. @throws on what is no tar; what `begin` and its bodies throw */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0 && !this.#isAtEnd)
      if (this.#missing > 0) rest = this.#content(rest);
      else if (this.#padding > 0) rest = this.#skip(rest);
      else rest = this.#block(rest);
  }

  /** No byte will follow. @throws when the archive's own end has not come */
  end(): void {
    if (!this.#isAtEnd) throw new Error('the input ended before its end');
  }

  /** Lets go of an entry that is under way. */
  abandon(): void {
    this.#body.abandon();
    this.#body = noBody;
  }

  #content(rest: Buffer): Buffer {
    const piece = rest.subarray(0, this.#missing);
    this.#body.write(piece);
    this.#missing -= piece.length;
    if (this.#missing === 0) this.#finish();
    return rest.subarray(piece.length);
  }

  #skip(rest: Buffer): Buffer {
    const skipped = Math.min(rest.length, this.#padding);
    this.#padding -= skipped;
    return rest.subarray(skipped);
  }

  #block(rest: Buffer): Buffer {
    const taken = rest.subarray(0, blockBytes - this.#partial.length);
    const block = this.#partial.length === 0 ? taken : Buffer.concat([this.#partial, taken]);
    // A copy: the chunk is not ours to keep.
    if (block.length < blockBytes) this.#partial = Buffer.from(block);
    else {
      this.#partial = Buffer.alloc(0);
      this.#header(block);
    }
    return rest.subarray(taken.length);
  }

  #header(block: Buffer): void {
    const header = readTarHeader(block);
    if (header === undefined) {
      this.#isAtEnd = true;
      return;
    }
    this.#missing = header.bytes;
    this.#padding = -header.bytes & (blockBytes - 1);
    if (header.type === 'pax-header') this.#body = this.#paxBody();
    else {
      this.#body = this.#begin({ ...header, ...this.#pax });
      this.#pax = {};
    }
    if (this.#missing === 0) this.#finish();
  }

  #finish(): void {
    const body = this.#body;
    this.#body = noBody;
    body.end();
  }

  #paxBody(): EntryBody {
    const pieces: Buffer[] = [];
    return {
      ...noBody,
      write: (piece) => void pieces.push(Buffer.from(piece)),
      end: () => {
        this.#pax = readPaxFields(Buffer.concat(pieces));
      },
    };
  }
}
