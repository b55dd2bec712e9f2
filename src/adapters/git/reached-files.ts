import type { TreeEntry } from './tree-listing.ts';
import { isFile, type Reached, type TreeView } from './tree-view.ts';

/** How many more files may be found through links: links to folders in folders of links multiply. */
export interface ReachBudget {
  left: number;
}

/** Files by what follows the path that was asked for; the path itself is the empty word. */
export type ReachedFiles = ReadonlyMap<string, TreeEntry>;

/**
 * The files that a reader finds at a path and below it, links followed. None where nothing is there; a link that leaves
 * the tree or leads back to where it stands is left out. Undefined when that takes more than the budget.
 */
export async function reachedFiles(
  view: TreeView,
  path: string,
  budget: ReachBudget,
): Promise<ReachedFiles | undefined> {
  const found = new Map<string, TreeEntry>();
  const start = await view.resolve(path);
  if (start !== undefined) await reach(view, start, { prefix: '', inside: [], found, budget });
  return budget.left < 0 ? undefined : found;
}

/** Where a search stands. */
interface Search {
  readonly prefix: string;
  /** The folders that are being looked through. */
  readonly inside: readonly string[];
  readonly found: Map<string, TreeEntry>;
  readonly budget: ReachBudget;
}

async function reach(view: TreeView, reached: Reached, search: Search): Promise<void> {
  const { prefix, inside, found, budget } = search;
  if (reached.kind === 'file') {
    found.set(prefix, reached.entry);
    return;
  }
  const folder = reached.path;
  if (inside.includes(folder)) return;
  for (const path of view.below(folder)) {
    budget.left -= 1;
    if (budget.left < 0) return;
    const rest = folder === '' ? path : path.slice(folder.length + 1);
    const name = prefix === '' ? rest : `${prefix}/${rest}`;
    const entry = view.at(path);
    if (isFile(entry)) found.set(name, entry);
    const next = isFile(entry) ? undefined : await view.resolve(path);
    if (next !== undefined)
      await reach(view, next, { ...search, prefix: name, inside: [...inside, folder] });
  }
}
