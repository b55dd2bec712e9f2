import { counted } from '../counted.ts';
import { fitItems } from '../fit-items.ts';
import { leftoverInWords } from '../leftover-words.ts';
import { applyEdits } from '../line-edits.ts';
import { type FileSides, patchPieces } from '../patch-text.ts';
import { fenced } from '../render-suggestion.ts';
import { safeCode } from '../sanitise.ts';
import { findSecret } from '../secret-scan.ts';
import type { LeftoverEdit } from '../suggestions.ts';
import { joinLines, splitLines } from '../text-lines.ts';

/** Bytes of the diff in a comment; the whole patch is in the check. */
const maxDiffBytes = 8_000;
const longRun = /`{100}/;

/** The edits of one file that cannot be suggestions, and how finely its diff is to be looked for. */
interface LeftoverOfFile {
  readonly path: string;
  readonly before: Uint8Array;
  readonly leftover: readonly LeftoverEdit[];
  readonly maxEdits: number;
}

/**
 * The Markdown of these edits as a diff to read. Undefined where there is no diff that a person could read, or where
 * there is a secret in it.
 */
export function fileChange(agent: string, file: LeftoverOfFile): string | undefined {
  const { path, leftover, maxEdits } = file;
  const sides = leftoverSides(file);
  if (sides === undefined) return undefined;
  const { kept, cut } = fitItems(patchPieces(path, sides, maxEdits), maxDiffBytes);
  const diff = kept.join('');
  // A header alone says nothing, and a long run of backticks makes a fence as long.
  if (kept.length < 2 || longRun.test(diff)) return undefined;
  if (findSecret(diff, { canary: null, own: [] }) !== undefined) return undefined;
  const why = leftoverInWords(leftover.map(({ reason }) => reason));
  const what = counted(leftover.length, 'change');
  const more = cut === 0 ? '' : `\n\n${counted(cut, 'more piece')} in the check's details.`;
  return `${what} by ${safeCode(agent)} with no place on the lines of the diff: ${why}.\n\n${fenced('diff', diff)}${more}`;
}

/** The file before and after these edits alone; undefined where they are not edits of lines. */
function leftoverSides({ before, leftover }: LeftoverOfFile): FileSides | undefined {
  const text = splitLines(before);
  const isWhole = leftover.some(({ removed, added }) => removed.length + added.length === 0);
  if (text.kind === 'binary' || isWhole) return undefined;
  const inOrder = leftover.toSorted((a, b) => a.startLine - b.startLine);
  return { before, after: joinLines(applyEdits(text.lines, inOrder)) };
}
