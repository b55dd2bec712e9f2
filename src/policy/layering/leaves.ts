import { isRule, type Rule, type RuleNode } from './rule.ts';

/** One value that a document says, with the rule of its key. */
export interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly rule: Rule;
}

/** All that a document says, in its own order. Keys without a rule are none of its own: they are skipped. */
export function leavesOf(
  value: unknown,
  rules: RuleNode,
  path: readonly string[] = [],
): readonly Leaf[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
    const node = rules['*'] ?? (Object.hasOwn(rules, key) ? rules[key] : undefined);
    if (node === undefined || child === undefined) return [];
    const at = [...path, key];
    return isRule(node) ? [{ path: at, value: child, rule: node }] : leavesOf(child, node, at);
  });
}

/** The tree of which these are the leaves. */
export function treeOf(
  leaves: Iterable<readonly [path: readonly string[], value: unknown]>,
): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [path, value] of leaves) {
    let node = root;
    for (const key of path.slice(0, -1)) {
      // Keys are those of the language, and names of tasks: never `__proto__`, but perhaps `constructor`.
      if (!Object.hasOwn(node, key)) node[key] = {};
      node = node[key] as Record<string, unknown>;
    }
    node[path.at(-1) as string] = value;
  }
  return root;
}
