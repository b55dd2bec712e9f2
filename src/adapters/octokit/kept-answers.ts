/** An answer that is kept for when GitHub says that it still holds. */
export interface KeptAnswer {
  readonly etag: string;
  /** Header with the next page; null on the last one. */
  readonly link: string | null;
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** What an entry takes besides its texts, in bytes: a guess, on the safe side. */
const overheadBytes = 512;

/** Answers by key, of so many bytes in all; the one that was not asked for the longest goes first. */
export class KeptAnswers {
  readonly #maxBytes: number;
  readonly #byKey = new Map<string, KeptAnswer>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(key: string): KeptAnswer | undefined {
    const found = this.#byKey.get(key);
    if (found === undefined) return undefined;
    this.#byKey.delete(key);
    this.#byKey.set(key, found);
    return found;
  }

  /** Keeps an answer in place of what its key had; one that would push out most others is not kept. */
  keep(key: string, answer: KeptAnswer): void {
    this.drop(key);
    const bytes = sizeOf(key, answer);
    if (bytes > this.#maxBytes / 4) return;
    this.#byKey.set(key, answer);
    this.#bytes += bytes;
    for (const oldest of this.#byKey.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.drop(oldest);
    }
  }

  drop(key: string): void {
    const found = this.#byKey.get(key);
    if (found === undefined) return;
    this.#byKey.delete(key);
    this.#bytes -= sizeOf(key, found);
  }

  /** Drops every answer whose key starts so. */
  dropAll(prefix: string): void {
    for (const key of this.#byKey.keys()) if (key.startsWith(prefix)) this.drop(key);
  }
}

function sizeOf(key: string, { etag, link, contentType, body }: KeptAnswer): number {
  const characters = key.length + etag.length + (link?.length ?? 0) + contentType.length;
  return body.byteLength + 2 * characters + overheadBytes;
}
