import { applyHunks, type Hunk, lineHunks } from './line-diff.ts';
import { splitKeepingEnds } from './lines.ts';

/** A text and, for each of its lines, whether the pull request (or a fix of it) wrote it. */
export type TouchedText = { readonly text: string; readonly added: readonly boolean[] };

/**
 * The part of a fix that lies on lines of the pull request: hunks that overlap an added line, and
 * insertions next to one. Everything else of the file stays as it was, byte for byte.
 * Null when the fix is a rewrite, too large to be taken apart. `mendsLineByLine` takes neighbouring
 * lines apart as well: right only for a tool that never moves text from one line to another.
 */
export function keepTouchedHunks(
  before: TouchedText,
  fixedText: string,
  mendsLineByLine = false,
): TouchedText | null {
  const lines = splitKeepingEnds(before.text);
  const hunks = lineHunks(lines, splitKeepingEnds(fixedText));
  if (hunks === null) return null;
  const parts = mendsLineByLine ? hunks.flatMap(byLine) : hunks;
  const kept = parts.filter((hunk) => touches(hunk, before.added));
  if (kept.length === 0) return before;
  const flags = kept.map((hunk) => ({ ...hunk, lines: hunk.lines.map(() => 'added') }));
  const oldFlags = lines.map((_, index) => (before.added[index] === true ? 'added' : 'kept'));
  return {
    text: applyHunks(lines, kept).join(''),
    added: applyHunks(oldFlags, flags).map((flag) => flag === 'added'),
  };
}

function byLine(hunk: Hunk): Hunk[] {
  if (hunk.end - hunk.start !== hunk.lines.length) return [hunk];
  return hunk.lines.map((line, index) => ({
    start: hunk.start + index,
    end: hunk.start + index + 1,
    lines: [line],
  }));
}

function touches({ start, end }: Hunk, added: readonly boolean[]): boolean {
  // An insertion stands between two lines: it belongs to the pull request when one of them does.
  if (start === end) return added[start - 1] === true || added[start] === true;
  return added.slice(start, end).includes(true);
}
