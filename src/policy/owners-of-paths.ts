import { setImmediate } from 'node:timers/promises';
import type { CodeOwner, CodeOwners, CodeOwnersRule } from './code-owners.ts';
import { ownsPath } from './code-owners-pattern.ts';
import { Effort } from './effort.ts';
import { type SplitPath, splitPath } from './path-matcher.ts';

/** Steps that all paths of one question are worth; a few seconds. */
const stepsAQuestion = 200_000_000;
/** Steps that one path is worth: a file of 3 MB has a quarter of a million patterns. About 30 ms. */
const stepsAPath = 1_500_000;
/** Steps after which everybody else has a turn, however many paths they are for. About 5 ms. */
const stepsATurn = 250_000;

/** The owners of each of some paths, in the order of the paths; empty for a path that nobody owns. */
export type OwnersOfPaths = readonly (readonly CodeOwner[])[];

/** Who owns each path: the last rule that takes it decides. Null: that takes too long to tell, so nobody can say. */
export async function ownersOfPaths(
  { rules }: CodeOwners,
  paths: readonly string[],
): Promise<OwnersOfPaths | null> {
  const found: (readonly CodeOwner[])[] = [];
  const work: Work = { steps: 0, turnAt: stepsATurn };
  for (const path of paths) {
    const effort = new Effort(Math.min(stepsAPath, stepsAQuestion - work.steps));
    const rule = await lastRule(rules, splitPath(path), { effort, work });
    if (effort.isSpent) return null;
    found.push(rule?.owners ?? []);
    work.steps += effort.used;
  }
  return found;
}

/** Steps of the paths before this one, and at how many others have their next turn. */
interface Work {
  steps: number;
  turnAt: number;
}

/** Undefined as well where the effort ran out. */
async function lastRule(
  rules: readonly CodeOwnersRule[],
  path: SplitPath,
  { effort, work }: { readonly effort: Effort; readonly work: Work },
): Promise<CodeOwnersRule | undefined> {
  for (let index = rules.length - 1; index >= 0 && !effort.isSpent; index -= 1) {
    if (work.steps + effort.used >= work.turnAt) {
      work.turnAt += stepsATurn;
      await setImmediate();
    }
    const rule = rules[index] as CodeOwnersRule;
    if (ownsPath(rule.pattern, path, effort)) return rule;
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
