import { firstIndex } from '../domain/first-index.ts';

/** A line that both files have: its index in each, from 0. */
export type Anchor = readonly [before: number, after: number];

/**
 * The lines that stand exactly once in each of two files, as many of them as keep their order: where a diff
 * may be cut in two without looking for it (patience diff). Time grows as n·log n with the lines.
 */
export function anchorsBetween(before: readonly string[], after: readonly string[]): Anchor[] {
  const places = placesOfUnique(after);
  const pairs: Anchor[] = [];
  for (const [text, place] of placesOfUnique(before)) {
    const other = places.get(text);
    if (other !== undefined) pairs.push([place, other]);
  }
  return longestRun(pairs.sort(([a], [b]) => a - b));
}

function placesOfUnique(lines: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const repeated = new Set<string>();
  for (const [place, line] of lines.entries()) {
    if (places.has(line)) repeated.add(line);
    else places.set(line, place);
  }
  for (const line of repeated) places.delete(line);
  return places;
}

interface Link {
  readonly pair: Anchor;
  readonly before: Link | undefined;
}

/** Of pairs that rise in the first index, the most that rise in the second too. */
function longestRun(pairs: readonly Anchor[]): Anchor[] {
  // `ends[n]`: of the runs of n + 1 pairs seen so far, the one that ends lowest.
  const ends: Link[] = [];
  for (const pair of pairs) {
    const at = firstIndex(ends, (end) => end.pair[1] > pair[1]);
    ends[at] = { pair, before: ends[at - 1] };
  }
  const run: Anchor[] = [];
  for (let link = ends.at(-1); link !== undefined; link = link.before) run.push(link.pair);
  return run.reverse();
}
