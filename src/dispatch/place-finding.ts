import { editInUtf16, type Measure, rangeInUtf16 } from '../domain/column-unit.ts';
import type { Finding } from '../domain/finding.ts';
import type { MeasureBudget } from '../domain/measure-budget.ts';
import type { RepoPath } from '../domain/repo-path.ts';
import type { TextEdit } from '../domain/text-edit.ts';
import type { SourceSnapshot } from '../ports/source.ts';
import type { ReportedFinding } from '../protocol/reported-finding.ts';
import type { PristineText, PristineTexts } from './pristine-texts.ts';

/** A finding whose columns are UTF-16 units of the pristine file. */
export interface PlacedFinding {
  readonly finding: Finding;
  /** Null: it has no fix, or one whose places are nowhere in the file, or too much to measure. */
  readonly edits: readonly TextEdit[] | null;
}

/** Is the path in the head tree, or in the pull request's diff? */
export function isKnown(snapshot: SourceSnapshot, path: RepoPath): boolean {
  return (
    snapshot.kindInHead(path) !== undefined ||
    snapshot.changedFiles.some((file) => file.path === path)
  );
}

/** Places what an agent tells; where its columns cannot be trusted, or cost too much, the lines stay. */
export async function placeFinding(
  { columnUnit = 'utf16', fix, ...finding }: ReportedFinding,
  texts: PristineTexts,
  budget: MeasureBudget,
): Promise<PlacedFinding> {
  const { path, range } = finding;
  const hasColumns = columnUnit !== 'utf16' && range?.startColumn !== undefined;
  if (fix === undefined && !hasColumns) return { finding, edits: null };
  const text = await texts.read(path);
  const measure = { lines: text?.lines ?? [], unit: columnUnit, budget };
  const placed =
    range !== undefined && hasColumns
      ? { ...finding, range: rangeInUtf16(range, measure) }
      : finding;
  return {
    finding: placed,
    edits: fix === undefined ? null : editsOf(fix.edits, text, measure),
  };
}

function editsOf(
  edits: readonly TextEdit[],
  text: PristineText | undefined,
  measure: Measure,
): readonly TextEdit[] | null {
  if (text === undefined) return null;
  const placed = edits.flatMap((edit) => editInUtf16(edit, measure) ?? []);
  return placed.length === edits.length ? placed : null;
}
