import type { PatchHunk } from '../../../../src/protocol/patched-file.ts';

/** Lines that are read one after the other, `at` being the index of the next. */
export interface HunkLines {
  at: number;
  readonly lines: readonly string[];
}

const header = /^@@ -(\d{1,8})(?:,(\d{1,8}))? \+(\d{1,8})(?:,(\d{1,8}))? @@/;

/** Reads one hunk, as many lines as its header counts. @throws Error that says what is wrong at `from.at` */
export function readHunk(from: HunkLines): PatchHunk {
  const [match, start, oldCount = '1', , newCount = '1'] =
    header.exec(from.lines[from.at] ?? '') ?? [];
  if (match === undefined) throw new Error('a hunk with another header than @@ -l,n +l,n @@');
  from.at += 1;
  const texts = readBody(from, Number(oldCount), Number(newCount));
  // A hunk of no old lines names the line that it comes after.
  const startLine = Number(start) + (Number(oldCount) === 0 ? 1 : 0);
  if (startLine < 1) throw new Error('a hunk at line 0');
  return { startLine, ...texts };
}

function readBody(
  from: HunkLines,
  oldCount: number,
  newCount: number,
): Pick<PatchHunk, 'oldText' | 'newText'> {
  const [before, after]: [string[], string[]] = [[], []];
  while (before.length < oldCount || after.length < newCount) {
    const line = from.lines[from.at];
    if (line === undefined) throw new Error('a hunk with fewer lines than it counts');
    // Editors that trim lines take the blank from an empty one of the context.
    const sign = line.charAt(0) || ' ';
    if (!' +-'.includes(sign)) throw new Error('a hunk with fewer lines than it counts');
    const isOpen = from.lines[from.at + 1]?.startsWith('\\ ') ?? false;
    const text = line.slice(1) + (isOpen ? '' : '\n');
    if (sign !== '+') before.push(text);
    if (sign !== '-') after.push(text);
    from.at += isOpen ? 2 : 1;
  }
  if (before.length > oldCount || after.length > newCount)
    throw new Error('a hunk with more lines than it counts');
  return { oldText: before.join(''), newText: after.join('') };
}
