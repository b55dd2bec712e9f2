import { z } from 'zod';
import { contentLength } from './content-length.ts';
import type { Range } from './finding.ts';
import type { MeasureBudget } from './measure-budget.ts';
import type { TextEdit } from './text-edit.ts';

/**
 * What a tool counts columns in. `unknown`: it does not say, or is known to say something else than it does;
 * such a column holds only where all units agree, which is behind nothing but ASCII.
 */
export const ColumnUnit = z.enum(['utf16', 'code-points', 'utf8', 'unknown']);
export type ColumnUnit = z.infer<typeof ColumnUnit>;

/** The lines of a file that columns are meant in, their unit, and what counting them may cost. */
export interface Measure {
  /** With or without their endings. */
  readonly lines: readonly string[];
  readonly unit: ColumnUnit;
  /** Where it is used up, a column has no place. */
  readonly budget: MeasureBudget;
}

/** A range with its columns in UTF-16 units; a column that has no such place leaves the lines alone. */
export function rangeInUtf16(range: Range, measure: Measure): Range {
  const { startLine, endLine } = range;
  const startColumn = columnOf(startLine, range.startColumn, measure);
  if (startColumn === undefined) return { startLine, endLine };
  const endColumn = columnOf(endLine, range.endColumn, measure);
  if (endColumn === undefined) return { startLine, endLine, startColumn };
  return { startLine, endLine, startColumn, endColumn };
}

/** An edit with its columns in UTF-16 units; undefined when one of them has no such place. */
export function editInUtf16(edit: TextEdit, measure: Measure): TextEdit | undefined {
  const startColumn = columnOf(edit.startLine, edit.startColumn, measure);
  if (startColumn === undefined) return undefined;
  if (edit.endColumn === undefined) return { ...edit, startColumn };
  const endColumn = columnOf(edit.endLine, edit.endColumn, measure);
  return endColumn === undefined ? undefined : { ...edit, startColumn, endColumn };
}

function columnOf(
  line: number,
  column: number | undefined,
  { lines, unit, budget }: Measure,
): number | undefined {
  if (column === undefined) return undefined;
  const whole = lines[line - 1] ?? '';
  const content = whole.slice(0, contentLength(whole));
  // Some tools count a byte-order mark and some do not, whatever their unit.
  if (content.startsWith('\ufeff')) return undefined;
  if (unit === 'utf16') return column <= content.length + 1 ? column : undefined;
  const before = content.slice(0, column - 1);
  if (!budget.take(before.length)) return undefined;
  if (/^[\0-\x7f]*$/.test(before)) return before.length === column - 1 ? column : undefined;
  return unit === 'unknown' ? undefined : counted(content, column, unit);
}

function counted(
  content: string,
  column: number,
  unit: 'code-points' | 'utf8',
): number | undefined {
  let [index, seen] = [0, 1];
  let point = content.codePointAt(index);
  while (point !== undefined && seen < column) {
    index += point > 0xffff ? 2 : 1;
    seen += unit === 'utf8' ? utf8Length(point) : 1;
    point = content.codePointAt(index);
  }
  // Not equal: the column is beyond the line, or inside a character.
  return seen === column ? index + 1 : undefined;
}

function utf8Length(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
