import type { OmittedInput } from '../../domain/outcome.ts';
import { RepoPath } from '../../domain/repo-path.ts';
import { steeredFolder, steeringRoot } from '../../domain/steering-paths.ts';
import type { ReplacedFile } from '../../ports/source.ts';
import { type HeadEntry, type HeadTree, requireFit } from './head-tree.ts';
import { steerImports } from './steered-imports.ts';
import { type Change, steerRoot, type Trees } from './steered-root.ts';
import { TreeView } from './tree-view.ts';

/** What the agent's workspace has. */
export interface GivenTree {
  /** Sorted by path bytes. */
  readonly entries: readonly HeadEntry[];
  readonly omitted: readonly OmittedInput[];
  /** In path order. */
  readonly replaced: readonly ReplacedFile[];
}

/** Most files that links lead to, of all paths that steer together. */
const maxReached = 10_000;

/**
 * The head tree, in which every path that steers agents has what the base branch has there, or nothing: whoever writes
 * a pull request writes no instructions for what judges it. Links are resolved within the base; what they lead to is
 * put there as a file. A path whose content is the same either way stays as it is. So with documents that such files
 * import; what else they import may be code, stays, and is told of.
 * @throws SallyportError `input.too-large`
 */
export async function steerTree(trees: Trees): Promise<GivenTree> {
  const { head, base, limits } = trees;
  const roots = rootsOf(head, base);
  const headView = new TreeView(head.paths, trees.readBlob);
  const budgets = { base: { left: maxReached }, head: { left: maxReached } };
  const search = { ...trees, headView, budgets };
  const changes: Change[] = [];
  for (const [root, entries] of roots) {
    const isPlace = hasPlaceFor(root, head);
    changes.push(await steerRoot(root, entries, { ...search, isPlace }));
  }
  const imports = await steerImports(search);
  changes.push(...imports.changes);
  const added = new Map(changes.flatMap((change) => change.added.map((one) => [one.path, one])));
  const dropped = new Set<string>(changes.flatMap((change) => change.dropped));
  const entries = [...head.entries.filter(({ path }) => !dropped.has(path)), ...added.values()];
  requireFit(entries, limits);
  const paths = new Set([...added.keys(), ...dropped]);
  return {
    entries: entries.sort(byPath),
    omitted: head.omitted.filter(({ path }) => !paths.has(path)),
    replaced: [...paths]
      .map((path) => RepoPath.parse(path))
      .map((path): ReplacedFile => ({ path, what: added.has(path) ? 'base' : 'absent' }))
      .concat(imports.kept.map((path) => ({ path, what: 'head' })))
      .sort(byPath),
  };
}

/** Where the two trees have something that steers, and what of it the head would put into the workspace. */
function rootsOf(head: HeadTree, base: TreeView): ReadonlyMap<string, readonly HeadEntry[]> {
  const roots = new Map<string, HeadEntry[]>();
  for (const path of base.entries) {
    const entry = base.at(path);
    const root = steeringRoot(path, entry !== 'folder' && entry?.kind === 'symlink');
    if (root !== undefined && !roots.has(root)) roots.set(root, []);
  }
  for (const entry of head.entries) {
    const root = steeringRoot(entry.path, entry.target !== null);
    if (root === undefined) continue;
    const known = roots.get(root);
    if (known === undefined) roots.set(root, [entry]);
    else known.push(entry);
  }
  return roots;
}

/**
 * Can something be put there? Where the folder is gone, nobody is steered in it; where a folder above is a link now, what
 * it leads to has a path of its own.
 */
function hasPlaceFor(root: string, { paths }: HeadTree): boolean {
  const folder = steeredFolder(root);
  if (folder !== '' && paths.get(folder) !== 'folder') return false;
  const segments = root.split('/').slice(0, -1);
  return segments.every((_, index) => {
    const above = paths.get(segments.slice(0, index + 1).join('/'));
    return above === undefined || above === 'folder';
  });
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
}
