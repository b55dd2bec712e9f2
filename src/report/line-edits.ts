import { diffArrays } from 'diff';

/** One place where two files differ: `removed` lines from `startLine` on give way to `added`. */
export interface LineEdit {
  /** 1-based line of the old file; for a pure insertion, the line that it goes before. */
  readonly startLine: number;
  /** Old lines, with their endings. */
  readonly removed: readonly string[];
  /** New lines, with their endings. */
  readonly added: readonly string[];
}

/** Most lines that may differ between two files, after their common start and end. */
const maxEditLength = 2_000;

/**
 * Myers' algorithm takes time in the product of lines and differences, and the files come from a sandbox:
 * the longer they are, the fewer differences are looked for.
 */
const maxSteps = 40_000_000;

/**
 * The smallest set of edits from `before` to `after`, in order, never touching one another.
 * Files that differ in more than `maxEdits` lines come back as one edit over all that differs.
 */
export function editsBetween(
  before: readonly string[],
  after: readonly string[],
  maxEdits: number = maxEditLength,
): LineEdit[] {
  const head = commonPrefix(before, after);
  const tail = commonSuffix(before.slice(head), after.slice(head));
  const removed = before.slice(head, before.length - tail);
  const added = after.slice(head, after.length - tail);
  if (removed.length + added.length === 0) return [];
  const steps = Math.floor(maxSteps / (removed.length + added.length));
  const changes = diffArrays(removed, added, { maxEditLength: Math.min(maxEdits, steps) });
  return changes === undefined
    ? [{ startLine: head + 1, removed, added }]
    : collect(changes, head + 1);
}

/** `lines` with `edits` (in order, not overlapping) made. */
export function applyEdits(lines: readonly string[], edits: readonly LineEdit[]): string[] {
  const parts: (readonly string[])[] = [];
  let next = 0;
  for (const edit of edits) {
    parts.push(lines.slice(next, edit.startLine - 1), edit.added);
    next = edit.startLine - 1 + edit.removed.length;
  }
  parts.push(lines.slice(next));
  return parts.flat();
}

interface Change {
  readonly value: readonly string[];
  readonly added: boolean;
  readonly removed: boolean;
}

function collect(changes: readonly Change[], firstLine: number): LineEdit[] {
  const edits: LineEdit[] = [];
  let line = firstLine;
  let removed: readonly string[] = [];
  let added: readonly string[] = [];
  const close = () => {
    edits.push({ startLine: line, removed, added });
    line += removed.length;
    [removed, added] = [[], []];
  };
  for (const change of changes) {
    if (change.added) added = added.concat(change.value);
    else if (change.removed) removed = removed.concat(change.value);
    else {
      close();
      line += change.value.length;
    }
  }
  close();
  return edits.filter((edit) => edit.removed.length + edit.added.length > 0);
}

function commonPrefix(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count += 1;
  return count;
}

function commonSuffix(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a.at(-1 - count) === b.at(-1 - count)) count += 1;
  return count;
}
