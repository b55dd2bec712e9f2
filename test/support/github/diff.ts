import { git } from './git.ts';
import type { Side } from './records.ts';

/** A contiguous part of a file's diff. `lines` keep their leading blank, `+`, `-` or backslash. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly header: string;
  readonly lines: readonly string[];
}

/** One changed file. `patch` is missing for binary and for very large files. */
export interface FileDiff {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  readonly additions: number;
  readonly deletions: number;
  readonly blobSha: string;
  readonly patch: string | undefined;
  readonly hunks: readonly Hunk[];
  /** True where GitHub shows no diff for its size and takes no comment, not even on the whole file. */
  readonly isTooLarge: boolean;
}

/** docs.github.com "Limits for viewing content and diffs": a single file's diff shows at most this much. */
const MAX_PATCH_LINES = 20_000;
const MAX_PATCH_BYTES = 500_000;

/**
 * `--no-ext-diff --no-textconv`: nothing that a repository configures may run. Files over 5 MB count as
 * binary: GitHub shows no diff of them either, and reading one here takes seconds for each request.
 */
const DIFF = [
  '-c',
  'core.bigFileThreshold=5m',
  '-c',
  'core.quotePath=false',
  'diff',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '-M',
  '--full-index',
];

/** The diff between two commits, file by file. */
export async function diffCommits(gitDir: string, base: string, head: string): Promise<FileDiff[]> {
  const raw = await git(gitDir, [...DIFF, '--raw', '-z', base, head, '--']);
  const text = await git(gitDir, [...DIFF, '--unified=3', base, head, '--']);
  const sections = splitSections(text);
  let next = 0;
  return rawEntries(raw).map((entry) => {
    // A change of type (file to symlink) is one raw entry but two sections: a removal and an addition.
    const count = entry.letter === 'T' ? 2 : 1;
    const own = sections.slice(next, next + count);
    next += count;
    return fileDiff(entry, own.flatMap(hunksOf));
  });
}

interface RawEntry {
  letter: string;
  newBlob: string;
  oldBlob: string;
  path: string;
  previousPath: string | undefined;
}

function rawEntries(raw: string): RawEntry[] {
  const fields = raw.split('\0');
  const entries: RawEntry[] = [];
  for (let i = 0; i < fields.length - 1; ) {
    const [, , oldBlob = '', newBlob = '', status = ''] = (fields[i] ?? '').split(' ');
    const letter = status.charAt(0);
    const renamed = letter === 'R' || letter === 'C';
    const [first = '', second = ''] = [fields[i + 1], fields[i + 2]];
    entries.push({
      letter,
      oldBlob,
      newBlob,
      path: renamed ? second : first,
      previousPath: renamed ? first : undefined,
    });
    i += renamed ? 3 : 2;
  }
  return entries;
}

/** Content lines start with a blank, `+`, `-` or backslash, so only a real header starts like this. */
function splitSections(text: string): string[] {
  return text.split(/^(?=diff --git )/m).filter((section) => section.startsWith('diff --git '));
}

function hunksOf(section: string): Hunk[] {
  const lines = section.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const starts = lines.flatMap((line, i) => (line.startsWith('@@ ') ? [i] : []));
  return starts.flatMap((start, i) => parseHunk(lines.slice(start, starts[i + 1])));
}

function parseHunk([header = '', ...lines]: string[]): Hunk[] {
  const match = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(header);
  if (!match) return [];
  const [, oldStart, oldLines = '1', newStart, newLines = '1'] = match;
  const numbers = { oldStart: Number(oldStart), oldLines: Number(oldLines) };
  return [{ ...numbers, newStart: Number(newStart), newLines: Number(newLines), header, lines }];
}

const STATUS: Readonly<Record<string, FileDiff['status']>> = {
  A: 'added',
  D: 'removed',
  R: 'renamed',
  T: 'changed',
};

function fileDiff(entry: RawEntry, hunks: readonly Hunk[]): FileDiff {
  const count = (sign: string): number =>
    hunks.flatMap((hunk) => hunk.lines).filter((line) => line.startsWith(sign)).length;
  const patch = hunks.flatMap((hunk) => [hunk.header, ...hunk.lines]);
  const text = patch.join('\n');
  const shown =
    patch.length > 0 &&
    patch.length <= MAX_PATCH_LINES &&
    Buffer.byteLength(text) <= MAX_PATCH_BYTES;
  return {
    path: entry.path,
    previousPath: entry.previousPath,
    status: STATUS[entry.letter] ?? 'modified',
    additions: count('+'),
    deletions: count('-'),
    blobSha: entry.letter === 'D' ? entry.oldBlob : entry.newBlob,
    patch: shown ? text : undefined,
    hunks: shown ? hunks : [],
    isTooLarge: patch.length > 0 && !shown,
  };
}

/** The hunk that shows a line on a side (context lines included), or undefined. */
export function hunkWithLine(file: FileDiff, side: Side, line: number): Hunk | undefined {
  return file.hunks.find((hunk) => {
    const [start, length] =
      side === 'LEFT' ? [hunk.oldStart, hunk.oldLines] : [hunk.newStart, hunk.newLines];
    return line >= start && line < start + length;
  });
}

/** The index within `hunk.lines` of a line on a side. The line must be in the hunk. */
export function indexInHunk(hunk: Hunk, side: Side, line: number): number {
  const skipped = side === 'LEFT' ? '+' : '-';
  let current = (side === 'LEFT' ? hunk.oldStart : hunk.newStart) - 1;
  return hunk.lines.findIndex((text) => {
    if (text.startsWith(skipped) || text.startsWith('\\')) return false;
    current += 1;
    return current === line;
  });
}

/** Where a line of the old version is in the new one; undefined if the change touched it. `hunks` may have context. */
export function mapLine(hunks: readonly Hunk[], line: number): number | undefined {
  let shift = 0;
  for (const hunk of hunks) {
    if (line < hunk.oldStart) break;
    if (line < hunk.oldStart + hunk.oldLines) {
      const index = indexInHunk(hunk, 'LEFT', line);
      return hunk.lines[index]?.startsWith(' ') ? newLineAt(hunk, index) : undefined;
    }
    shift = hunk.newStart + hunk.newLines - (hunk.oldStart + hunk.oldLines);
  }
  return line + shift;
}

function newLineAt(hunk: Hunk, index: number): number {
  const before = hunk.lines
    .slice(0, index)
    .filter((text) => text.startsWith(' ') || text.startsWith('+'));
  return hunk.newStart + before.length;
}
