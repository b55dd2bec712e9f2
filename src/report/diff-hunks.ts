import { unquotePath } from './unquote-path.ts';

/** Line ranges of one hunk of a unified diff, 1-based; a side of 0 lines starts after the line named. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
}

const hunkHeader = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/**
 * The hunks of a git diff by the path in the head tree. Files without hunks (binary, mode-only, pure
 * renames) and deleted files have no entry: nothing in them can carry a comment.
 * Reads git's own output with `a/` and `b/` prefixes; hunk bodies are skipped by their counted lines,
 * so that file content which looks like a header is never taken for one.
 */
export function parseHunks(diff: Uint8Array): ReadonlyMap<string, readonly Hunk[]> {
  const files = new Map<string, Hunk[]>();
  let hunks: Hunk[] = [];
  let left = { old: 0, new: 0 };
  // Latin-1 keeps every byte as one character: content in any encoding passes, and names are decoded later.
  for (const line of Buffer.from(diff).toString('latin1').split('\n')) {
    if (left.old > 0 || left.new > 0) {
      left = without(left, line.charAt(0));
      continue;
    }
    if (line.startsWith('+++ ')) hunks = entryFor(files, headPathOf(line));
    const hunk = parseHeader(line);
    if (hunk === undefined) continue;
    hunks.push(hunk);
    left = { old: hunk.oldLines, new: hunk.newLines };
  }
  return files;
}

/** Do all lines `startLine`…`endLine` (1-based, inclusive) of the head file lie in this hunk? */
export function isInsideHunk(hunk: Hunk, startLine: number, endLine: number): boolean {
  return startLine >= hunk.newStart && endLine < hunk.newStart + hunk.newLines;
}

/** The list to put a file's hunks in; one that nobody keeps for a file without a head path. */
function entryFor(files: Map<string, Hunk[]>, path: string | undefined): Hunk[] {
  const hunks: Hunk[] = [];
  if (path !== undefined) files.set(path, hunks);
  return hunks;
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
