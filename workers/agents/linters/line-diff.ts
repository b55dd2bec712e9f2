/** Lines `[start, end)` (0-based) of the old text are replaced by `lines`, terminators included. */
export type Hunk = {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
};

/** Above this many line edits a fix is a rewrite: nobody can review it, and the search gets slow. */
const maxEdits = 2_000;

/**
 * The hunks that turn `before` into `after`, in order (E. W. Myers, An O(ND) Difference Algorithm,
 * 1986). Null when more than 2,000 line edits lie between them.
 */
export function lineHunks(before: readonly string[], after: readonly string[]): Hunk[] | null {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const shortest = Math.min(before.length, after.length) - head;
  while (tail < shortest && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const a = before.slice(head, before.length - tail);
  const b = after.slice(head, after.length - tail);
  const steps = shortestEdit(a, b);
  return steps === null ? null : hunksOf(steps, head, b);
}

/** The whole old text with the given hunks applied. */
export function applyHunks(before: readonly string[], hunks: readonly Hunk[]): string[] {
  const parts: (readonly string[])[] = [];
  let at = 0;
  for (const hunk of hunks) {
    // Not spread: the lines of a long file, as arguments, overflow the stack.
    parts.push(before.slice(at, hunk.start), hunk.lines);
    at = hunk.end;
  }
  return [...parts, before.slice(at)].flat();
}

/** One step of the edit path: `x` lines of the old and `y` lines of the new text are behind it. */
type Step = { readonly x: number; readonly y: number; readonly isDelete: boolean };

function shortestEdit(a: readonly string[], b: readonly string[]): Step[] | null {
  const trace: Int32Array[] = [];
  let reach = new Int32Array(3);
  for (let d = 0; d <= Math.min(a.length + b.length, maxEdits); d += 1) {
    const next = new Int32Array(2 * d + 3);
    for (let k = -d; k <= d; k += 2) {
      let x = d === 0 ? 0 : furthest(reach, d - 1, k).x;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      next[k + d + 1] = x;
      if (x >= a.length && x - k >= b.length) return backtrack(trace, d, k);
    }
    trace.push(next);
    reach = next;
  }
  return null;
}

/** Where the best path onto diagonal `k` comes from, `previous` being the reach after `d` edits. */
function furthest(previous: Int32Array, d: number, k: number): { x: number; isDelete: boolean } {
  const at = (diagonal: number): number =>
    Math.abs(diagonal) > d ? -1 : (previous[diagonal + d + 1] ?? -1);
  const down = at(k + 1);
  const right = at(k - 1) + 1;
  const isDelete = at(k - 1) >= 0 && right > down;
  return { x: isDelete ? right : down, isDelete };
}

function backtrack(trace: readonly Int32Array[], edits: number, diagonal: number): Step[] {
  const steps: Step[] = [];
  let k = diagonal;
  for (let d = edits; d > 0; d -= 1) {
    const { x, isDelete } = furthest(trace[d - 1] ?? new Int32Array(3), d - 1, k);
    steps.push({ x, y: x - k, isDelete });
    k = isDelete ? k - 1 : k + 1;
  }
  return steps.toReversed();
}

function hunksOf(steps: readonly Step[], offset: number, after: readonly string[]): Hunk[] {
  const hunks: { start: number; end: number; from: number; to: number }[] = [];
  for (const { x, y, isDelete } of steps) {
    const start = isDelete ? x - 1 : x;
    const from = isDelete ? y : y - 1;
    const last = hunks.at(-1);
    if (last !== undefined && last.end === start && last.to === from) {
      last.end = x;
      last.to = y;
    } else hunks.push({ start, end: x, from, to: y });
  }
  return hunks.map(({ start, end, from, to }) => ({
    start: start + offset,
    end: end + offset,
    lines: after.slice(from, to),
  }));
}
