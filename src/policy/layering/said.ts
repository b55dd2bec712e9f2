import { layerNames, type Place } from '../fault.ts';
import type { Leaf } from './leaves.ts';
import { decidedBy, foldable, meet } from './narrow.ts';
import type { Rule } from './rule.ts';

/** What the layers so far came to at one leaf, and whose doing it is. */
export interface Said {
  readonly path: readonly string[];
  readonly rule: Rule;
  /** For `every` and `who`: a list with one entry a layer. */
  readonly value: unknown;
  /** Where the values stand that decided, nearest the operator first. Never empty. */
  readonly sources: readonly Place[];
}

/** What was said, by path. */
export type SaidByPath = Map<string, Said>;

/** The name of a path in maps and in faults. */
export function pathName(path: readonly string[]): string {
  return path.join('.');
}

/** A leaf of a document as it is folded. */
export function saidBy({ path, rule, value }: Leaf, place: Place): Said {
  return { path, rule, value: foldable(rule, value), sources: [place] };
}

/** What the two come to together; never wider than either. */
export function combined(above: Said | undefined, below: Said): Said {
  if (above === undefined) return below;
  const { rule, path } = below;
  const value = meet(rule, above.value, below.value);
  return { path, rule, value, sources: sourcesOf(above, below) };
}

/** Of places the one that is furthest from the operator; the first of several. */
export function lowestPlace(places: readonly Place[]): Place {
  const rank = ({ layer }: Place): number => layerNames.indexOf(layer);
  return places.toSorted((a, b) => rank(b) - rank(a))[0] as Place;
}

function sourcesOf(above: Said, below: Said): readonly Place[] {
  switch (decidedBy(below.rule, above.value, below.value)) {
    case 'above':
      return above.sources;
    case 'below':
      return below.sources;
    default:
      return [...new Set([...above.sources, ...below.sources])];
  }
}
