import { hasHiddenCharacters } from '../domain/hidden-characters.ts';
import { type Hunk, isInsideOne } from './diff-hunks.ts';
import type { LineEdit } from './line-edits.ts';

/** Lines of the head file that GitHub lets a comment stand on, and the edits that fall on them. */
export interface AnchoredEdits {
  readonly startLine: number;
  readonly endLine: number;
  readonly edits: readonly LineEdit[];
}

/**
 * Gives each edit (in order) the lines that a suggestion must replace to make it: the lines it removes, or
 * for an insertion a neighbouring line. Edits whose lines overlap or touch become one.
 * An edit that is not wholly inside one hunk goes to `outside`. Edits and hunks are in order.
 */
export function anchorEdits(
  edits: readonly LineEdit[],
  lines: readonly string[],
  hunks: readonly Hunk[],
): { anchored: AnchoredEdits[]; outside: LineEdit[] } {
  const anchored: AnchoredEdits[] = [];
  const outside: LineEdit[] = [];
  for (const edit of edits) {
    const range = anchorOf(edit, lines, hunks);
    if (range === undefined) {
      outside.push(edit);
      continue;
    }
    const last = anchored.at(-1);
    const union = {
      startLine: Math.min(last?.startLine ?? range.startLine, range.startLine),
      endLine: range.endLine,
    };
    if (last !== undefined && last.endLine + 1 >= range.startLine && isAnchorable(hunks, union)) {
      anchored.splice(-1, 1, { ...union, edits: [...last.edits, edit] });
    } else {
      anchored.push({ ...range, edits: [edit] });
    }
  }
  return { anchored, outside };
}

interface LineRange {
  readonly startLine: number;
  readonly endLine: number;
}

function anchorOf(
  edit: LineEdit,
  lines: readonly string[],
  hunks: readonly Hunk[],
): LineRange | undefined {
  const { startLine, removed } = edit;
  const ranges =
    removed.length > 0
      ? [{ startLine, endLine: startLine + removed.length - 1 }]
      : neighboursOf(startLine, lines).map((line) => ({ startLine: line, endLine: line }));
  return ranges.find((range) => isAnchorable(hunks, range));
}

/** The lines before and after an insertion; those that a suggestion cannot repeat safely come last. */
function neighboursOf(startLine: number, lines: readonly string[]): number[] {
  const candidates = [startLine - 1, startLine].filter((line) => line >= 1 && line <= lines.length);
  const isPlain = (line: number) => isRepeatable(lines.slice(line - 1, line).join(''));
  return [...candidates.filter(isPlain), ...candidates.filter((line) => !isPlain(line))];
}

function isRepeatable(line: string): boolean {
  return line.endsWith('\n') && !hasHiddenCharacters(line);
}

function isAnchorable(hunks: readonly Hunk[], range: LineRange): boolean {
  return isInsideOne(hunks, range.startLine, range.endLine);
}
