import { leastSecretLength } from '../domain/credential-word.ts';

/**
 * Puts as many stars in place of a secret, wherever it stands in a stream of bytes and however that is cut. Keeps
 * back no more than what may be the beginning of it.
 */
class SecretMask {
  readonly #secret: Buffer;
  readonly #stars: Buffer;
  #kept = Buffer.alloc(0);

  constructor(secret: string) {
    this.#secret = Buffer.from(secret);
    this.#stars = Buffer.alloc(this.#secret.length, '*');
  }

  /** What may be passed on by now; it may be nothing. */
  take(piece: Buffer): Buffer {
    const bytes = Buffer.concat([this.#kept, piece]);
    this.#cover(bytes);
    const whole = bytes.length - this.#begunLength(bytes);
    this.#kept = bytes.subarray(whole);
    return bytes.subarray(0, whole);
  }

  /** What was kept back, at the end. */
  end(): Buffer {
    return this.#kept;
  }

  #cover(bytes: Buffer): void {
    for (let at = bytes.indexOf(this.#secret); at >= 0; at = bytes.indexOf(this.#secret, at + 1))
      this.#stars.copy(bytes, at);
  }

  /** The longest end of `bytes` that the secret begins with. */
  #begunLength(bytes: Buffer): number {
    const most = Math.min(this.#secret.length - 1, bytes.length);
    for (let length = most; length > 0; length -= 1)
      if (bytes.subarray(bytes.length - length).equals(this.#secret.subarray(0, length)))
        return length;
    return 0;
  }
}

/** Is it long enough to be looked for? */
export const isMaskable = (secret: string | undefined): secret is string =>
  secret !== undefined && secret.length >= leastSecretLength;

/** A body without the secret. */
export async function* masked(
  body: AsyncIterable<Buffer>,
  secret: string,
): AsyncGenerator<Buffer, void> {
  const mask = new SecretMask(secret);
  for await (const piece of body) {
    const shown = mask.take(piece);
    if (shown.length > 0) yield shown;
  }
  const rest = mask.end();
  if (rest.length > 0) yield rest;
}

/** The same for a text that is there as a whole. */
export function maskText(text: string, secret: string): string {
  return text.replaceAll(secret, '*'.repeat(secret.length));
}

export function maskedHeaders(
  headers: Record<string, string | string[]>,
  secret: string | undefined,
): Record<string, string | string[]> {
  if (secret === undefined) return headers;
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map((text) => maskText(text, secret)) : maskText(value, secret),
    ]),
  );
}
