import { canonicalJson } from '../domain/canonical-json.ts';
import type { JsonValue } from '../domain/ledger-entry.ts';
import type { Layer } from './document/layer.ts';
import { type Direction, directionOf } from './layering/compare-leaf.ts';
import { type Leaf, leavesOf } from './layering/leaves.ts';
import { layerRules } from './layering/rules.ts';
import { pathName } from './layering/said.ts';

/** One leaf that a change touches. Undefined: not said, so as the layer above says. */
export interface PolicyChange {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly direction: Direction;
}

/**
 * What the change from one document of a layer to another loosens and tightens, what loosens first.
 * Null: there is no such file on that side. It compares what the document says; what a layer above
 * allows stays as it was.
 */
export function compareLayers(before: Layer | null, after: Layer | null): readonly PolicyChange[] {
  const [old, young] = [byPath(before), byPath(after)];
  const paths = [...new Set([...old.keys(), ...young.keys()])];
  const changes = paths.flatMap((path) => changeAt(path, old.get(path), young.get(path)));
  return changes.toSorted((a, b) => order.indexOf(a.direction) - order.indexOf(b.direction));
}

const order: readonly Direction[] = ['looser', 'tighter', 'other'];

function byPath(layer: Layer | null): ReadonlyMap<string, Leaf> {
  return new Map(leavesOf(layer, layerRules).map((leaf) => [pathName(leaf.path), leaf]));
}

function changeAt(path: string, old?: Leaf, young?: Leaf): readonly PolicyChange[] {
  const [before, after] = [old?.value, young?.value];
  const { rule } = (young ?? old) as Leaf;
  if (old !== undefined && young !== undefined && sameText(before, after)) return [];
  return [{ path, before, after, direction: directionOf(rule, { before, after }) }];
}

function sameText(a: unknown, b: unknown): boolean {
  return canonicalJson(a as JsonValue) === canonicalJson(b as JsonValue);
}
