import { Range } from '../../../../src/domain/finding.ts';
import { TextEdit } from '../../../../src/domain/text-edit.ts';
import type { Region } from './sarif-log.ts';

/** A region's lines and columns; undefined when it is about the file as a whole, or nonsense. */
export function rangeOf(region: Region): Range | undefined {
  const startLine = region.startLine ?? 0;
  const lines = { startLine, endLine: Math.max(startLine, region.endLine ?? startLine) };
  const endColumn = positive(region.endColumn);
  const startColumn = positive(region.startColumn) ?? (endColumn === undefined ? undefined : 1);
  if (startColumn === undefined) return Range.safeParse(lines).data;
  const isForward = lines.endLine > startLine || (endColumn ?? 0) >= startColumn;
  const columns =
    endColumn !== undefined && isForward ? { startColumn, endColumn } : { startColumn };
  return Range.safeParse({ ...lines, ...columns }).data ?? Range.safeParse(lines).data;
}

/** What stands in a region is replaced (SARIF 3.30.5 to 3.30.8: absent columns mean whole lines' content). */
export function editOf(region: Region, newText: string): TextEdit | undefined {
  const { startLine, endColumn } = region;
  return TextEdit.safeParse({
    startLine,
    startColumn: region.startColumn ?? 1,
    endLine: region.endLine ?? startLine,
    ...(endColumn === null || endColumn === undefined ? {} : { endColumn }),
    newText,
  }).data;
}

function positive(column: number | null | undefined): number | undefined {
  return column !== null && column !== undefined && column >= 1 ? column : undefined;
}
