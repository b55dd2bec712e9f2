import { isUtf8 } from 'node:buffer';

/**
 * A file cut into lines, each with its own ending (`\n`, `\r\n`, or nothing on the last).
 * A CR that no LF follows is content. A byte-order mark is content of the first line.
 */
export type TextLines =
  | { readonly kind: 'text'; readonly lines: readonly string[] }
  | { readonly kind: 'binary' };

/** Cuts bytes into lines; bytes that are not UTF-8 are `binary`. `joinLines` gives the same bytes back. */
export function splitLines(bytes: Uint8Array): TextLines {
  if (!isUtf8(bytes)) return { kind: 'binary' };
  // `ignoreBOM` keeps the mark in the text: without it, joining would lose three bytes.
  return {
    kind: 'text',
    lines: cutLines(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)),
  };
}

/** The bytes of `lines`: the inverse of `splitLines`. */
export function joinLines(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(lines.join(''));
}

/** Cuts a string after each LF; the empty string has no lines. */
export function cutLines(text: string): string[] {
  const lines = text.split('\n').map((content) => `${content}\n`);
  const last = lines.splice(-1).map((line) => line.slice(0, -1));
  return [...lines, ...last.filter((line) => line !== '')];
}

/** A line without its ending. */
export function contentOf(line: string): string {
  return line.replace(/\r?\n$/, '');
}
