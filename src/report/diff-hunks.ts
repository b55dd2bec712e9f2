import { firstIndex } from '../domain/first-index.ts';
import { unquotePath } from '../domain/unquote-path.ts';
import { commentable, type FileHunks } from './diff-limits.ts';

/** Line ranges of one hunk of a unified diff, 1-based; a side of 0 lines starts after the line named. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
}

const hunkHeader = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/**
 * The hunks of a git diff by the path in the head tree, in their order. Files without hunks (binary, mode-only,
 * pure renames), deleted files and those of which GitHub shows nothing have no entry: nothing in them can
 * carry a comment.
 * Reads git's own output with `a/` and `b/` prefixes; hunk bodies are skipped by their counted lines,
 * so that file content which looks like a header is never taken for one.
 */
export function parseHunks(diff: Uint8Array): ReadonlyMap<string, readonly Hunk[]> {
  return commentable(filesOf(diff));
}

type OpenFile = { path: string | undefined; hunks: Hunk[]; lines: number; bytes: number };

function filesOf(diff: Uint8Array): readonly FileHunks<Hunk>[] {
  const files: OpenFile[] = [];
  // Whatever stands before the first file belongs to none.
  let file: OpenFile = { path: undefined, hunks: [], lines: 0, bytes: 0 };
  let left = { old: 0, new: 0 };
  // Latin-1 keeps every byte as one character: content in any encoding passes, and names are decoded later.
  for (const line of Buffer.from(diff).toString('latin1').split('\n')) {
    if (left.old > 0 || left.new > 0) {
      left = without(left, line.charAt(0));
      count(file, line);
      continue;
    }
    if (line.startsWith('diff --git ')) {
      file = { path: undefined, hunks: [], lines: 0, bytes: 0 };
      files.push(file);
    }
    if (line.startsWith('+++ ')) file.path = headPathOf(line);
    const hunk = parseHeader(line);
    if (hunk === undefined) continue;
    file.hunks.push(hunk);
    count(file, line);
    left = { old: hunk.oldLines, new: hunk.newLines };
  }
  return files;
}

/** Do all lines `startLine`…`endLine` (1-based, inclusive) of the head file lie in one of these, which are in order? */
export function isInsideOne(hunks: readonly Hunk[], startLine: number, endLine: number): boolean {
  const hunk = hunks[firstIndex(hunks, ({ newStart }) => newStart > startLine) - 1];
  return hunk !== undefined && endLine < hunk.newStart + hunk.newLines;
}

function count(file: OpenFile, line: string): void {
  file.lines += 1;
  file.bytes += line.length + 1;
}

/** The path of a `+++ ` line; undefined for `/dev/null` and for a name that is not UTF-8. */
function headPathOf(line: string): string | undefined {
  // git ends an unquoted or quoted name that holds a space with a tab (diff.c, fn_out_consume).
  const label = line.slice('+++ '.length).replace(/\t$/, '');
  if (label === '/dev/null') return undefined;
  const name = unquotePath(label);
  return name?.startsWith('b/') === true ? name.slice('b/'.length) : undefined;
}

function parseHeader(line: string): Hunk | undefined {
  const match = hunkHeader.exec(line);
  if (match === null) return undefined;
  const [, oldStart, oldLines = '1', newStart, newLines = '1'] = match;
  return {
    oldStart: Number(oldStart),
    oldLines: Number(oldLines),
    newStart: Number(newStart),
    newLines: Number(newLines),
  };
}

/** What is left of a hunk's body after a line with this mark; `\\` (no newline at end) counts on neither side. */
function without(left: { old: number; new: number }, mark: string): { old: number; new: number } {
  return {
    old: left.old - (mark === '-' || mark === ' ' ? 1 : 0),
    new: left.new - (mark === '+' || mark === ' ' ? 1 : 0),
  };
}
