import type { Finding } from '../domain/finding.ts';
import { applyEdits, editsBetween, type LineEdit } from '../report/line-edits.ts';
import { joinLines, splitLines } from '../report/text-lines.ts';
import type { FileChange } from './validate-result.ts';

type Placed = Pick<Finding, 'path' | 'range'>;

/** What came of the findings of a result. */
export interface Sorted {
  readonly dropped: readonly Placed[];
  readonly left: readonly Placed[];
}

/**
 * Files that an agent edited itself, without the edits that go with findings which were dropped. Nothing says which edit
 * is for which finding, so in a file of one that was dropped an edit stays only where it touches the lines of one
 * that is left, and of none that was dropped. What has no lines to go by goes as a whole.
 */
export function withdrawEdits(
  files: readonly FileChange[],
  { dropped, left }: Sorted,
): readonly FileChange[] {
  return files.flatMap((file) => {
    const isHere = ({ path }: Placed) => path === file.path;
    const gone = dropped.filter(isHere);
    return gone.length === 0
      ? [file]
      : withdraw(file, { dropped: gone, left: left.filter(isHere) });
  });
}

function withdraw(file: FileChange, { dropped, left }: Sorted): readonly FileChange[] {
  const { path } = file;
  if (file.before === null || file.after === null) return [];
  const [before, after] = [splitLines(file.before), splitLines(file.after)];
  if (before.kind === 'binary' || after.kind === 'binary') return [];
  const kept = editsBetween(before.lines, after.lines).filter(
    (edit) => left.some((one) => touches(edit, one)) && !dropped.some((one) => touches(edit, one)),
  );
  if (kept.length === 0) return [];
  return [{ path, before: file.before, after: joinLines(applyEdits(before.lines, kept)) }];
}

/** New lines alone touch what stands before them and after. A finding on no lines is on all. */
function touches({ startLine, removed }: LineEdit, { range }: Placed): boolean {
  if (range === undefined) return true;
  const [first, last] =
    removed.length === 0 ? [startLine - 1, startLine] : [startLine, startLine + removed.length - 1];
  return first <= range.endLine && last >= range.startLine;
}
