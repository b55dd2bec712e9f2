import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { YamlPlaces } from './yaml-places.ts';

/** Deeper than any policy; nesting must not exhaust the stack of what walks it. */
const maxDepth = 16;

/** What is said of a text that nests deeper. */
export const tooDeepMessage = `nests deeper than ${maxDepth}`;

/** Something in the text that is not taken. `offset` in UTF-16 units. */
export interface YamlFault {
  readonly offset: number;
  readonly path: readonly string[];
  readonly message: string;
}

/** What is collected while the tree is walked. */
export interface Walk {
  readonly faults: YamlFault[];
  readonly places: YamlPlaces;
}

/** Adds a fault to what is collected. */
export function fault(walk: Walk, at: Omit<YamlFault, 'message'>, message: string): undefined {
  walk.faults.push({ ...at, message });
}

/** The plain value of a node and all below it, with the place of each; undefined where it is refused. */
export function plain(walk: Walk, node: unknown, path: readonly string[]): unknown {
  // The parser leaves out what is empty, as the value of `key:` alone may be.
  if (node === null || node === undefined) return null;
  const known = node as Node;
  const at = { offset: startOf(known), path };
  walk.places.setValue(path, at.offset);
  if (path.length > maxDepth) return fault(walk, at, tooDeepMessage);
  if (isAlias(known))
    return fault(walk, at, `takes no alias (*${known.source}); write the value out`);
  if (known.tag !== undefined) return fault(walk, at, `takes no tag (${known.tag})`);
  if ('anchor' in known && known.anchor !== undefined) {
    return fault(walk, at, `takes no anchor (&${known.anchor})`);
  }
  if (isSeq(known)) {
    return known.items.map((item, index) => plain(walk, item, [...path, String(index)]));
  }
  if (isMap(known)) return plainMap(walk, known, path);
  return known.value;
}

/** What was parsed from a text has a range in it. */
export function startOf({ range }: Node): number {
  return (range as readonly number[])[0] as number;
}

function plainMap(walk: Walk, map: YAMLMap, path: readonly string[]): Record<string, unknown> {
  const names = new Set<string>();
  const entries = map.items.flatMap(({ key, value }: Pair) => {
    const name = plainKey(walk, key, { path, names });
    if (name === undefined) return [];
    return [[name, plain(walk, value, [...path, name])] as const];
  });
  return Object.fromEntries(entries);
}

/** What the key says; undefined where it is refused. `names`: those of the same map before it. */
function plainKey(
  walk: Walk,
  key: unknown,
  { path, names }: { readonly path: readonly string[]; readonly names: Set<string> },
): string | undefined {
  const offset = startOf(key as Node);
  if (!isScalar(key) || key.tag !== undefined || key.anchor !== undefined) {
    return fault(walk, { offset, path }, 'has a key that is not plain text');
  }
  const name = String(key.value);
  if (name === '__proto__' || name === '<<') {
    return fault(walk, { offset, path }, `takes no key ${name}`);
  }
  const at = [...path, name];
  if (names.has(name)) {
    return fault(walk, { offset, path: at }, 'is said twice; keep one of the two');
  }
  names.add(name);
  walk.places.setKey(at, offset);
  return name;
}
