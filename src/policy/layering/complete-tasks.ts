import { leavesOf } from './leaves.ts';
import type { Rule } from './rule.ts';
import { ceilingRules } from './rules.ts';
import { combined, pathName, type Said, type SaidByPath } from './said.ts';

/**
 * Puts into every task what the top says of it, and switches off the tasks whose agent or image a layer
 * below has taken off the list.
 */
export function completeTasks(said: SaidByPath): SaidByPath {
  const complete: SaidByPath = new Map(said);
  for (const name of taskNames(said)) {
    for (const top of said.values()) {
      if (!isCeiling(top)) continue;
      const path = ['tasks', name, ...top.path];
      const own = said.get(pathName(path));
      complete.set(pathName(path), own === undefined ? { ...top, path } : combined(top, own));
    }
    const off = whyOff(said, name);
    if (off !== undefined) complete.set(pathName(off.path), off);
  }
  return complete;
}

function taskNames(said: SaidByPath): ReadonlySet<string> {
  const paths = [...said.values()].map(({ path }) => path);
  return new Set(paths.flatMap(([first, name]) => (first === 'tasks' ? (name as string) : [])));
}

/** Is this a leaf of the top that a task has as well? */
function isCeiling({ path }: Said): boolean {
  // A tree of this one leaf, so that the table itself answers.
  const tree = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), true);
  return leavesOf(tree, ceilingRules).some((leaf) => leaf.path.length === path.length);
}

const mayBecomeFalse: Rule = { kind: 'ordered', order: [true, false] };

function whyOff(said: SaidByPath, name: string): Said | undefined {
  for (const [key, list] of [
    ['agent', 'agents'],
    ['image', 'images'],
  ] as const) {
    const own = said.get(`tasks.${name}.${key}`);
    const allowed = said.get(list);
    if (typeof own?.value !== 'string' || allowed === undefined) continue;
    if ((allowed.value as readonly string[]).includes(own.value)) continue;
    const path = ['tasks', name, 'enabled'];
    return { path, rule: mayBecomeFalse, value: false, sources: allowed.sources };
  }
  return undefined;
}
