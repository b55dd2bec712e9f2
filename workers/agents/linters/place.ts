import type { Range } from '../../../src/domain/finding.ts';
import type { SourceFile } from './source-file.ts';

/** How a tool counts columns. */
export type ColumnUnit = (line: string, column: number) => number;

/** A place as a tool says it: 1-based, its columns in its own unit, any of them possibly nonsense. */
export type ToolPlace = {
  readonly line: number;
  readonly column?: number | undefined;
  readonly endLine?: number | undefined;
  readonly endColumn?: number | undefined;
};

/**
 * The range of a finding in UTF-16 columns. A line past the end (a parser that points at the end
 * of the file) becomes the last line; columns that do not fit are left out; line 0 means the file.
 */
export function rangeOf(
  file: Pick<SourceFile, 'lines'>,
  place: ToolPlace,
  unit: ColumnUnit,
): Range | undefined {
  const lastLine = file.lines.length;
  if (lastLine === 0 || !Number.isSafeInteger(place.line) || place.line < 1) return undefined;
  const startLine = Math.min(place.line, lastLine);
  const endLine = Math.min(Math.max(place.endLine ?? startLine, startLine), lastLine);
  if (place.line > lastLine || place.column === undefined || place.column < 1)
    return { startLine, endLine };
  const startColumn = unit(file.lines[startLine - 1] ?? '', place.column);
  if (place.endColumn === undefined || place.endColumn < 1)
    return { startLine, endLine, startColumn };
  const endColumn = unit(file.lines[endLine - 1] ?? '', place.endColumn);
  const isForward = endLine > startLine || endColumn > startColumn;
  return isForward
    ? { startLine, endLine, startColumn, endColumn }
    : { startLine, endLine, startColumn };
}
