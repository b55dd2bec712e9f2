import type { OmittedInput } from '../../domain/outcome.ts';
import { RepoPath } from '../../domain/repo-path.ts';
import { steeredFolder, steeringRoot } from '../../domain/steering-paths.ts';
import type { ReplacedFile } from '../../ports/source.ts';
import { type HeadEntry, type HeadTree, type InputLimits, requireFit } from './head-tree.ts';
import { type ReachBudget, type ReachedFiles, reachedFiles } from './reached-files.ts';
import { TreeView } from './tree-view.ts';

/** What the agent's workspace has. */
export interface GivenTree {
  /** Sorted by path bytes. */
  readonly entries: readonly HeadEntry[];
  readonly omitted: readonly OmittedInput[];
  /** In path order. */
  readonly replaced: readonly ReplacedFile[];
}

/** The two trees that a workspace is made of. */
interface Trees {
  readonly head: HeadTree;
  /** The tip of the base branch. */
  readonly base: TreeView;
  readonly limits: InputLimits;
  readonly readBlob: (sha: string) => Promise<Buffer>;
}

/** Most files that links lead to, of all paths that steer together. */
const maxReached = 10_000;

/**
 * The head tree, in which every path that steers agents has what the base branch has there, or nothing: whoever writes
 * a pull request writes no instructions for what judges it. Links are resolved within the base; what they lead to is
 * put there as a file. A path whose content is the same either way stays as it is.
 * @throws SallyportError `input.too-large`
 */
export async function steerTree(trees: Trees): Promise<GivenTree> {
  const { head, base, limits } = trees;
  const roots = rootsOf(head, base);
  const headView = new TreeView(head.paths, trees.readBlob);
  const budgets = { base: { left: maxReached }, head: { left: maxReached } };
  const search = { ...trees, headView, budgets };
  const [added, dropped] = [new Map<string, HeadEntry>(), new Set<string>()];
  for (const [root, entries] of roots) {
    const change = await steerRoot(root, entries, search);
    for (const entry of change.added) added.set(entry.path, entry);
    for (const path of change.dropped) dropped.add(path);
  }
  const entries = [...head.entries.filter(({ path }) => !dropped.has(path)), ...added.values()];
  requireFit(entries, limits);
  const paths = new Set([...added.keys(), ...dropped]);
  return {
    entries: entries.sort(byPath),
    omitted: head.omitted.filter(({ path }) => !paths.has(path)),
    replaced: [...paths]
      .map((path) => RepoPath.parse(path))
      .map((path) => ({ path, what: added.has(path) ? ('base' as const) : ('absent' as const) }))
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

interface Search extends Trees {
  readonly headView: TreeView;
  /** Apart, so that a head full of links cannot use up what finds the base's files. */
  readonly budgets: { readonly base: ReachBudget; readonly head: ReachBudget };
}

/** What becomes of one path that steers, and of all below it. */
async function steerRoot(
  root: string,
  entries: readonly HeadEntry[],
  search: Search,
): Promise<{ readonly added: readonly HeadEntry[]; readonly dropped: readonly RepoPath[] }> {
  const wanted = await baseFiles(root, search);
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
  { head, base, limits, budgets }: Search,
): Promise<ReadonlyMap<string, HeadEntry>> {
  const files = new Map<string, HeadEntry>();
  if (!hasPlaceFor(root, head)) return files;
  for (const [name, { kind, sha, bytes }] of (await reachedFiles(base, root, budgets.base)) ?? []) {
    const path = RepoPath.safeParse(name === '' ? root : `${root}/${name}`).data;
    if (path === undefined || bytes > limits.inputFileBytes) continue;
    if ((await limits.isInput?.(path)) === false) continue;
    const mode = kind === 'executable' ? 'executable' : 'file';
    files.set(name, { path, kind: mode, sha, bytes, target: null });
  }
  return files;
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

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
}
