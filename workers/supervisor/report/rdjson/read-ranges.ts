import { Range } from '../../../../src/domain/finding.ts';
import { TextEdit } from '../../../../src/domain/text-edit.ts';
import type { DiagnosticRange, Suggestion } from './diagnostics.ts';

/** A range's lines and columns; undefined when it names no line, or none that a file can have. */
export function rangeOf({ start, end }: DiagnosticRange): Range | undefined {
  const startLine = start?.line || 0;
  const lines = { startLine, endLine: Math.max(startLine, end?.line || startLine) };
  const startColumn = start?.column || undefined;
  if (startColumn === undefined) return Range.safeParse(lines).data;
  const endColumn = end?.column || undefined;
  const isForward = lines.endLine > startLine || (endColumn ?? 0) >= startColumn;
  const columns =
    endColumn !== undefined && isForward ? { startColumn, endColumn } : { startColumn };
  return Range.safeParse({ ...lines, ...columns }).data ?? Range.safeParse(lines).data;
}

/** A suggestion as an edit; undefined for places that are none. */
export function editOf({ range: { start, end }, text }: Suggestion): TextEdit | undefined {
  const startLine = start?.line || 0;
  const endLine = end?.line || startLine;
  const newText = text ?? '';
  if (!start?.column && !end?.column) return wholeLines(startLine, endLine, newText);
  const to = end?.line ? end : start;
  return TextEdit.safeParse({
    startLine,
    startColumn: start?.column || 1,
    endLine,
    ...(to?.column ? { endColumn: to.column } : {}),
    newText,
  }).data;
}

/** Whole lines are given without the last one's ending; no text at all takes the lines away. */
function wholeLines(startLine: number, lastLine: number, text: string): TextEdit | undefined {
  const lines = text === '' ? { endLine: lastLine + 1, endColumn: 1 } : { endLine: lastLine };
  const newText = text.replace(/\r?\n$/, '');
  return TextEdit.safeParse({ startLine, startColumn: 1, ...lines, newText }).data;
}

/** Can these be edits of one fix? Otherwise they are ways to choose from. */
export function areDisjoint(edits: readonly TextEdit[]): boolean {
  const inOrder = edits.toSorted(
    (a, b) => a.startLine - b.startLine || a.startColumn - b.startColumn,
  );
  return inOrder.every((edit, index) => {
    const next = inOrder[index + 1];
    if (next === undefined || edit.endLine < next.startLine) return true;
    const endColumn = edit.endColumn ?? Number.POSITIVE_INFINITY;
    return edit.endLine === next.startLine && endColumn <= next.startColumn;
  });
}
