import { leastSecretLength } from '../domain/credential-word.ts';
import { documentedExamples, secretRules } from './secret-rules.ts';

/** Secrets that are known by value for one task. */
export interface KnownSecrets {
  /** Planted in the sandbox for nobody to use: seen anywhere, the agent looked where it had no business. */
  readonly canary: string | null;
  /** The control plane's own. */
  readonly own: readonly string[];
}

/** `ghp_xxxx…` is what a document says in place of a token; of 16 random digits, 5 are never all there is. */
const tailLength = 16;
const minDistinctInTail = 5;

/**
 * Looks for secrets in text that is about to go out. Returns the id of the rule that found one, and never
 * the secret; undefined when there is none. Takes time linear in the text, whatever the text.
 */
export function findSecret(text: string, known: KnownSecrets): string | undefined {
  if (known.canary !== null && hasCanary(text, known.canary)) return 'canary';
  if (hasOwnSecret(text, known.own)) return 'own-secret';
  return secretRules.find(({ pattern }) => text.match(pattern)?.some(isRealistic))?.id;
}

/** Is one of these secrets there, by value? Too short ones are not looked for. */
export function hasOwnSecret(text: string, own: readonly string[]): boolean {
  return own.some((secret) => secret.length >= leastSecretLength && text.includes(secret));
}

/**
 * The same as `findSecret` for text that GitHub renders: Markdown's escapes and our gaps stand in the middle of a
 * token, and are gone when people read it.
 */
export function findShownSecret(text: string, known: KnownSecrets): string | undefined {
  const rendered = text.replace(/\\(?=[^A-Za-z0-9\s])|&#8203;/g, '');
  return findSecret(text, known) ?? (rendered === text ? undefined : findSecret(rendered, known));
}

/** Is the canary there, plain or as it would be carried off: in base64, hexadecimal, percent signs or backwards? */
export function hasCanary(text: string, canary: string): boolean {
  const lower = text.toLowerCase();
  const hex = Buffer.from(canary).toString('hex');
  const backwards = Array.from(canary).reverse().join('');
  if ([canary, hex, backwards].some((form) => lower.includes(form))) return true;
  if (text.includes('%') && percentDecoded(lower).includes(canary)) return true;
  return base64Forms(canary).some((form) => text.includes(form));
}

/**
 * Byte by byte, and what is no code of a byte as it is: a decoder that throws would let the rest through. Letters are
 * made small. One loop over bytes: a callback for each sign of 32 MiB of them takes ten seconds and more.
 */
function percentDecoded(text: string): Buffer {
  const bytes = Buffer.from(text);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    let byte = bytes.readUInt8(at);
    const code = byte === percent ? codeAt(bytes, at + 1) : undefined;
    if (code !== undefined) [byte, at] = [code, at + 2];
    // Never ahead of what is read: in place.
    bytes[length++] = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
  }
  return bytes.subarray(0, length);
}

const percent = 0x25;

/** The byte that two hexadecimal digits say; undefined: they are none. */
function codeAt(bytes: Uint8Array, at: number): number | undefined {
  const [high, low] = [digitOf(bytes[at]), digitOf(bytes[at + 1])];
  return high === undefined || low === undefined ? undefined : high * 16 + low;
}

function digitOf(byte = 0): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : undefined;
}

/**
 * Looks at what goes out piece by piece, and remembers enough of it that a canary over the edge of two pieces
 * is seen at the second. True: this piece must not go out.
 */
export function canaryScan(canary: string): (piece: Uint8Array) => boolean {
  // Percent signs make three characters of one, which is the longest form.
  const kept = 3 * canary.length - 1;
  let tail = '';
  return (piece) => {
    const text =
      tail + Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('latin1');
    tail = text.slice(-kept);
    return hasCanary(text, canary);
  };
}

/** Where the canary starts within a group of three bytes decides how it looks; the edges are its neighbours'. */
function base64Forms(canary: string): readonly string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.from(`${'\0'.repeat(shift)}${canary}`).toString('base64url');
    return encoded.slice(shift === 0 ? 0 : shift + 1, -2);
  });
}

function isRealistic(match: string): boolean {
  if (documentedExamples.some((example) => example.includes(match))) return false;
  if (match.startsWith('-----BEGIN')) return true;
  const tail = new Set(match.slice(-tailLength));
  return tail.size >= minDistinctInTail && !match.endsWith('EXAMPLE');
}

/** The lines of `after` that `before` does not have: a secret that was there already is not this task's. */
export function addedText(before: string, after: string): string {
  const known = new Set(before.split('\n'));
  return after
    .split('\n')
    .filter((line) => !known.has(line))
    .join('\n');
}
