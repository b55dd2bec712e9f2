import { RepoPath } from '../../domain/repo-path.ts';
import type { HeadEntry, HeadTree, InputLimits } from './head-tree.ts';
import { type ReachBudget, type ReachedFiles, reachedFiles } from './reached-files.ts';
import type { TreeView } from './tree-view.ts';

/** The two trees that a workspace is made of. */
export interface Trees {
  readonly head: HeadTree;
  /** The tip of the base branch. */
  readonly base: TreeView;
  readonly limits: InputLimits;
  readonly readBlob: (sha: string) => Promise<Buffer>;
}

export interface Search extends Trees {
  readonly headView: TreeView;
  /** Apart, so that a head full of links cannot use up what finds the base's files. */
  readonly budgets: { readonly base: ReachBudget; readonly head: ReachBudget };
}

/** What the workspace has more, and less, than the head. */
export interface Change {
  readonly added: readonly HeadEntry[];
  readonly dropped: readonly RepoPath[];
}

/** What becomes of one path that steers, and of all below it: `entries` are what the head has there. */
export async function steerRoot(
  root: string,
  entries: readonly HeadEntry[],
  { isPlace, ...search }: Search & { readonly isPlace: boolean },
): Promise<Change> {
  const wanted = isPlace ? await baseFiles(root, search) : new Map<string, HeadEntry>();
  const missing = new Map(wanted);
  const dropped: RepoPath[] = [];
  for (const entry of entries) {
    const same = await sameFiles(entry, entry.path.slice(root.length + 1), { wanted, search });
    if (same.length === 0) dropped.push(entry.path);
    for (const name of same) missing.delete(name);
  }
  return { dropped, added: [...missing.values()] };
}

/** What the base branch has there, by what follows the root, as files of a workspace. */
async function baseFiles(
  root: string,
  { base, limits, budgets }: Search,
): Promise<ReadonlyMap<string, HeadEntry>> {
  const files = new Map<string, HeadEntry>();
  for (const [name, { kind, sha, bytes }] of (await reachedFiles(base, root, budgets.base)) ?? []) {
    const path = RepoPath.safeParse(name === '' ? root : `${root}/${name}`).data;
    if (path === undefined || bytes > limits.inputFileBytes) continue;
    if ((await limits.isInput?.(path)) === false) continue;
    const mode = kind === 'executable' ? 'executable' : 'file';
    files.set(name, { path, kind: mode, sha, bytes, target: null });
  }
  return files;
}

interface Comparison {
  readonly wanted: ReadonlyMap<string, HeadEntry>;
  readonly search: Search;
}

/**
 * Names of the files that a reader of this entry of the head finds there, where each is what the base branch has, and
 * there are no others on either side; none where anything differs.
 */
async function sameFiles(
  { path, kind, sha, target }: HeadEntry,
  name: string,
  { wanted, search: { headView, budgets } }: Comparison,
): Promise<readonly string[]> {
  if (target === null) {
    const before = wanted.get(name);
    return before?.sha === sha && before.kind === kind ? [name] : [];
  }
  budgets.head.left -= 1;
  if (budgets.head.left < 0) return [];
  const start = name === '' ? '' : `${name}/`;
  const below = [...wanted.keys()].filter((other) => other === name || other.startsWith(start));
  const reached: ReachedFiles | undefined =
    below.length === 0 ? undefined : await reachedFiles(headView, path, budgets.head);
  if (reached?.size !== below.length) return [];
  const isSame = below.every((other) => {
    const [is, was] = [
      reached.get(other === name ? '' : other.slice(start.length)),
      wanted.get(other),
    ];
    return is?.sha === was?.sha && is?.kind === was?.kind;
  });
  return isSame ? below : [];
}
