import { setImmediate } from 'node:timers/promises';
import type { CodeOwner, CodeOwners, CodeOwnersRule } from './code-owners.ts';
import { ownsPath } from './code-owners-pattern.ts';
import { Effort } from './effort.ts';
import { splitPath } from './path-matcher.ts';

/** Steps that all paths of one question are worth; a few seconds. */
const stepsAQuestion = 200_000_000;
/** Steps that one path is worth: a file of 3 MB has a quarter of a million patterns. About 30 ms. */
const stepsAPath = 1_500_000;
/** Rules after which everybody else has a turn. */
const rulesATurn = 20_000;

/** The owners of each of some paths, in the order of the paths; empty for a path that nobody owns. */
export type OwnersOfPaths = readonly (readonly CodeOwner[])[];

/** Who owns each path: the last rule that takes it decides. Null: that takes too long to tell, so nobody can say. */
export async function ownersOfPaths(
  { rules }: CodeOwners,
  paths: readonly string[],
): Promise<OwnersOfPaths | null> {
  const found: (readonly CodeOwner[])[] = [];
  let used = 0;
  for (const path of paths) {
    const effort = new Effort(Math.min(stepsAPath, stepsAQuestion - used));
    const rule = await lastRule(rules, path, effort);
    if (effort.isSpent) return null;
    found.push(rule?.owners ?? []);
    used += effort.used;
  }
  return found;
}

/** Undefined as well where the effort ran out. */
async function lastRule(
  rules: readonly CodeOwnersRule[],
  path: string,
  effort: Effort,
): Promise<CodeOwnersRule | undefined> {
  const split = splitPath(path);
  for (let end = rules.length; end > 0 && !effort.isSpent; end -= rulesATurn) {
    const some = rules.slice(Math.max(0, end - rulesATurn), end);
    const found = some.findLast(({ pattern }) => ownsPath(pattern, split, effort));
    if (found !== undefined) return found;
    await setImmediate();
  }
  return undefined;
}

/**
 * The groups of owners of which each has to approve a change of these paths: one for each set of owners,
 * since a file has the owners of one line. Files without owners ask for nobody.
 */
export function ownerGroups(owners: OwnersOfPaths): OwnersOfPaths {
  const groups = new Map([...new Set(owners)].map((group) => [JSON.stringify(group), group]));
  return [...groups.values()].filter((group) => group.length > 0);
}
