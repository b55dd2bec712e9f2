import { showHiddenCharacters } from '../domain/hidden-characters.ts';

/**
 * Text of strangers as an agent may see it: line ends are LF alone, and each character that people cannot see is
 * written out (`[U+202E]`), so that what steers an agent is what people read.
 */
export function cleanText(text: string): string {
  return showHiddenCharacters(text.toWellFormed().replaceAll('\r\n', '\n'));
}

/**
 * The same of text that GitHub renders: a word stands before what may be an HTML comment, which it hides. What is one
 * and where it ends depends on code around it, so nothing is taken away: in an issue about HTML it is what matters.
 */
export function cleanMarkdown(text: string): string {
  return cleanText(text.replaceAll('<!--', '[may be hidden on GitHub:] <!--'));
}

const encoder = new TextEncoder();

/** Whole characters of a text, as many as `maxBytes` of UTF-8 hold; a note says what was cut. */
export function clipText(text: string, maxBytes: number): string {
  const { read } = encoder.encodeInto(text, new Uint8Array(maxBytes));
  if (read === text.length) return text;
  return `${text.slice(0, read)}\n[… ${text.length - read} more characters]`;
}

/** How much of a list is shown, and how. */
interface Clipping<T> {
  /** The line of one entry. Not asked for entries beyond the cut: strangers decide how many there are. */
  readonly lineOf: (entry: T) => string;
  readonly maxBytes: number;
  /** Where the others are. */
  readonly rest: string;
}

/** A line for each entry, whole ones, as many as `maxBytes` of UTF-8 hold. */
export function clipLines<T>(
  entries: readonly T[],
  { lineOf, maxBytes, rest }: Clipping<T>,
): string {
  const kept: string[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const line = lineOf(entry);
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > maxBytes)
      return [...kept, `[… ${entries.length - kept.length} more: ${rest}]`].join('\n');
    kept.push(line);
  }
  return kept.join('\n');
}
