/** The text split at `\n`; a last line without terminator counts, an empty one after it does not. */
export function splitLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The text split after each `\n`, so that joining the pieces gives the text back. */
export function splitKeepingEnds(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** One flag per line: is it in one of the 1-based inclusive ranges? Ranges beyond the end are cut. */
export function addedFlags(
  lineCount: number,
  ranges: readonly (readonly [number, number])[],
): boolean[] {
  const flags = Array.from({ length: lineCount }, () => false);
  for (const [first, last] of ranges) flags.fill(true, first - 1, Math.min(last, lineCount));
  return flags;
}

/** 1-based UTF-16 column of the 1-based code-point column `column`; beyond the line it stays outside. */
export function columnFromCodePoints(line: string, column: number): number {
  let utf16 = 0;
  let seen = 1;
  for (const character of line) {
    if (seen >= column) return utf16 + 1;
    utf16 += character.length;
    seen += 1;
  }
  return utf16 + 1;
}

/** 1-based UTF-16 column of the 1-based UTF-8 byte column `column`. */
export function columnFromBytes(line: string, column: number): number {
  let utf16 = 0;
  let bytes = 1;
  for (const character of line) {
    if (bytes >= column) return utf16 + 1;
    utf16 += character.length;
    bytes += Buffer.byteLength(character);
  }
  return utf16 + 1;
}
