import { diffArrays } from 'diff';
import { anchorsBetween } from './anchored-diff.ts';

/** One place where two files differ: `removed` lines from `startLine` on give way to `added`. */
export interface LineEdit {
  /** 1-based line of the old file; for a pure insertion, the line that it goes before. */
  readonly startLine: number;
  /** Old lines, with their endings. */
  readonly removed: readonly string[];
  /** New lines, with their endings. */
  readonly added: readonly string[];
}

/** Most lines that may differ between two files, where no line that both have once stands between. */
const maxEditLength = 2_000;

/**
 * Myers' algorithm takes time in the product of lines and differences, and the files come from a sandbox:
 * the longer they are, the fewer differences are looked for.
 */
const maxSteps = 40_000_000;

/**
 * A small set of edits from `before` to `after`, in order, never touching one another. The files are cut at
 * the lines that both have once; between two of these the edits are the fewest there are. What differs there
 * in more lines than are left of `maxEdits` (by its square, for that is what looking costs) is one edit; and
 * so is all that follows the first `maxEdits` of them.
 */
export function editsBetween(
  before: readonly string[],
  after: readonly string[],
  maxEdits: number = maxEditLength,
): LineEdit[] {
  const head = commonPrefix(before, after);
  const tail = commonSuffix(before.slice(head), after.slice(head));
  const [from, to] = [
    before.slice(head, before.length - tail),
    after.slice(head, after.length - tail),
  ];
  const search = new Search(from.length + to.length, maxEdits);
  const edits: LineEdit[] = [];
  let [atFrom, atTo] = [0, 0];
  for (const [nextFrom, nextTo] of [
    ...anchorsBetween(from, to),
    [from.length, to.length],
  ] as const) {
    // Nobody reads thousands of edits of one file, and whoever works with them takes time for each.
    const isLast = edits.length >= maxEdits;
    const [toFrom, toTo] = isLast ? [from.length, to.length] : [nextFrom, nextTo];
    const [removed, added] = [from.slice(atFrom, toFrom), to.slice(atTo, toTo)];
    for (const edit of search.edits(removed, added, head + atFrom + 1, isLast)) edits.push(edit);
    if (isLast) break;
    [atFrom, atTo] = [nextFrom + 1, nextTo + 1];
  }
  return edits;
}

/** Lines of both files, the number of the first, and whether they are one edit whatever they have in common. */
type Gap = readonly [
  before: readonly string[],
  after: readonly string[],
  firstLine: number,
  isWhole: boolean,
];

/** Looks for the edits of one gap after the other, within what the whole file may cost. */
class Search {
  readonly #mostLines: number;
  #squares: number;

  constructor(lines: number, maxEdits: number) {
    this.#mostLines = Math.floor(maxSteps / Math.max(1, lines));
    this.#squares = maxEdits ** 2;
  }

  edits(...[before, after, firstLine, isWhole]: Gap): LineEdit[] {
    const head = commonPrefix(before, after);
    const tail = commonSuffix(before.slice(head), after.slice(head));
    const removed = before.slice(head, before.length - tail);
    const added = after.slice(head, after.length - tail);
    const startLine = firstLine + head;
    if (isWhole || removed.length === 0 || added.length === 0) {
      return removed.length + added.length === 0 ? [] : [{ startLine, removed, added }];
    }
    const most = Math.min(this.#mostLines, Math.floor(Math.sqrt(this.#squares)));
    const changes = diffArrays(removed, added, { maxEditLength: most });
    const found = changes === undefined ? undefined : collect(changes, startLine);
    this.#squares -= found === undefined ? most ** 2 : linesOf(found) ** 2;
    return found ?? [{ startLine, removed, added }];
  }
}

function linesOf(edits: readonly LineEdit[]): number {
  return edits.reduce((sum, { removed, added }) => sum + removed.length + added.length, 0);
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
