/** Strings in C's notation, read one after the other. */
export type QuotedStrings = {
  readonly strings: readonly string[];
  /** Was anything left out: cut by strace (`"…"...`, `...]`), unreadable, or behind the end of the text? */
  readonly isCut: boolean;
  /** Where the next character stands. */
  readonly end: number;
};

/** strace's escapes of one letter (`string_quote` in its util.c); any other byte is octal. */
const letters: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };
const quote = 0x22;
const backslash = 0x5c;
/** Stands in a line for the middle that was left out; strace writes NUL only as an escape. */
export const cutMark = 0;

/**
 * One string that starts at `start` with `"`: its text, and the place after it. Bytes that are not
 * UTF-8 become U+FFFD. Undefined when there is none, or when it has no end.
 */
export function quotedString(
  text: Buffer,
  start: number,
): { readonly string: string; readonly isCut: boolean; readonly end: number } | undefined {
  if (text[start] !== quote) return undefined;
  const bytes: number[] = [];
  for (let at = start + 1; at < text.length; at += 1) {
    const byte = text[at];
    // Where a long line was cut, `BoundedLines` leaves a byte that strace never writes.
    if (byte === undefined || byte === cutMark) return undefined;
    if (byte === quote) {
      const isCut = text.subarray(at + 1, at + 4).equals(dots);
      const end = at + 1 + (isCut ? dots.length : 0);
      return { string: Buffer.from(bytes).toString('utf8'), isCut, end };
    }
    if (byte !== backslash) bytes.push(byte);
    else {
      const escaped = /^\\([0-7]{1,3}|.)/s.exec(text.toString('latin1', at, at + 4))?.[1] ?? '';
      bytes.push(byteOf(escaped));
      at += escaped.length;
    }
  }
  return undefined;
}

/** `["a", "b"...]` from `start` on; anything else is a list of which nothing could be read. */
export function quotedList(text: Buffer, start: number): QuotedStrings {
  const strings: string[] = [];
  if (text[start] !== 0x5b) return { strings, isCut: true, end: start };
  let isCut = false;
  for (let at = start + 1; ; ) {
    const next = quotedString(text, at);
    if (next === undefined) {
      const isEnd = text[at] === 0x5d;
      return { strings, isCut: isCut || !isEnd, end: isEnd ? at + 1 : at };
    }
    strings.push(next.string);
    isCut ||= next.isCut;
    at = text.toString('latin1', next.end, next.end + 2) === ', ' ? next.end + 2 : next.end;
  }
}

const dots = Buffer.from('...');

function byteOf(escaped: string): number {
  if (/^[0-7]/.test(escaped)) return Number.parseInt(escaped, 8) & 0xff;
  return letters[escaped] ?? escaped.charCodeAt(0);
}
