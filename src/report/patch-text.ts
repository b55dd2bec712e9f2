import { hasHiddenCharacters, showHiddenCharacters } from '../domain/hidden-characters.ts';
import { editsBetween, type LineEdit } from './line-edits.ts';
import { splitLines } from './text-lines.ts';

/** Both sides of one change; null means that the file is absent there. */
export interface FileSides {
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
}

/** Unchanged lines shown around a change, as in git's diffs. */
const contextLines = 3;

/**
 * One file's change as a unified diff for people, in pieces: the header, then one piece a hunk, so that a
 * long patch can be cut between hunks. Hidden characters are spelled out, a CR too unless every line has
 * one: this is for reading, not for applying.
 */
export function patchPieces(path: string, sides: FileSides, maxEdits?: number): readonly string[] {
  const header = patchHeader(path, sides);
  const before = splitLines(sides.before ?? new Uint8Array());
  const after = splitLines(sides.after ?? new Uint8Array());
  if (before.kind === 'binary' || after.kind === 'binary') return [`${header}(not text)\n`];
  const show = shownAs([before.lines, after.lines].flat());
  const hunks = hunksOf(editsBetween(before.lines, after.lines, maxEdits), before.lines);
  return [header, ...hunks.map((hunk) => `${hunk.header}\n${hunk.body.map(show).join('')}`)];
}

/** The two lines that name a file in a unified diff for people. */
export function patchHeader(path: string, sides: FileSides): string {
  // A line feed in a name must not start a line of the diff.
  const isOdd = /["\\\n\t]/.test(path) || hasHiddenCharacters(path);
  const name = isOdd ? JSON.stringify(path) : path;
  const from = sides.before === null ? '/dev/null' : `a/${name}`;
  const to = sides.after === null ? '/dev/null' : `b/${name}`;
  return showHiddenCharacters(`--- ${from}\n+++ ${to}\n`);
}

interface HunkText {
  readonly header: string;
  /** Lines with their mark in front. */
  readonly body: readonly string[];
}

function hunksOf(edits: readonly LineEdit[], lines: readonly string[]): HunkText[] {
  let shift = 0;
  return groupEdits(edits).map((group) => {
    const hunk = hunkOf(group, lines, shift);
    shift += group.reduce((sum, edit) => sum + edit.added.length - edit.removed.length, 0);
    return hunk;
  });
}

/** Edits whose contexts would touch, together. */
function groupEdits(edits: readonly LineEdit[]): LineEdit[][] {
  const groups: LineEdit[][] = [];
  let group: LineEdit[] = [];
  let lastEnd = Number.NEGATIVE_INFINITY;
  for (const edit of edits) {
    const isNear = edit.startLine - lastEnd <= 2 * contextLines;
    if (!isNear) {
      group = [];
      groups.push(group);
    }
    group.push(edit);
    lastEnd = edit.startLine + edit.removed.length;
  }
  return groups;
}

function hunkOf(edits: readonly LineEdit[], lines: readonly string[], shift: number): HunkText {
  const firstChanged = edits.reduce((least, { startLine }) => Math.min(least, startLine), Infinity);
  const start = Math.max(1, firstChanged - contextLines);
  const parts: (readonly string[])[] = [];
  let next = start;
  for (const edit of edits) {
    parts.push(marked(' ', lines.slice(next - 1, edit.startLine - 1)));
    parts.push(marked('-', edit.removed), marked('+', edit.added));
    next = edit.startLine + edit.removed.length;
  }
  parts.push(marked(' ', lines.slice(next - 1, next - 1 + contextLines)));
  const body = parts.flat();
  const oldLines = body.filter((line) => !line.startsWith('+')).length;
  const newLines = body.filter((line) => !line.startsWith('-')).length;
  const from = oldLines === 0 ? start - 1 : start;
  const to = newLines === 0 ? start + shift - 1 : start + shift;
  return { header: `@@ -${from},${oldLines} +${to},${newLines} @@`, body };
}

function marked(mark: string, lines: readonly string[]): string[] {
  return lines.map((line) => `${mark}${line}`);
}

/** How a line is shown, given all lines of both files. */
function shownAs(all: readonly string[]): (line: string) => string {
  const isCrlf = all.every((line) => line.endsWith('\r\n'));
  return (line) => {
    const shown = showHiddenCharacters(isCrlf ? line.replace(/\r\n$/, '\n') : line);
    return shown.endsWith('\n') ? shown : `${shown}\n\\ No newline at end of file\n`;
  };
}
