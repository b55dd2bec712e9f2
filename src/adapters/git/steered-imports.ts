import type { RepoPath } from '../../domain/repo-path.ts';
import { isDocument } from '../../domain/steering-imports.ts';
import type { HeadEntry, HeadTree } from './head-tree.ts';
import { type Change, type Search, steerRoot } from './steered-root.ts';
import { realPath, steeringImports } from './steering-imports.ts';
import type { Reached, TreeView } from './tree-view.ts';

/** What becomes of files that are imported by what steers. */
export interface SteeredImports {
  readonly changes: readonly Change[];
  /** What is no document, and not what the base branch has: it is as the head has it. */
  readonly kept: readonly RepoPath[];
}

/** Documents that the base's steering files import are the base's, too. */
export async function steerImports(search: Search): Promise<SteeredImports> {
  const changes: Change[] = [];
  const kept: RepoPath[] = [];
  const imports = await steeringImports(search.base, search.readBlob);
  const entries = new Map<string, HeadEntry>(search.head.entries.map((one) => [one.path, one]));
  for (const path of imports) {
    if (isDocument(path)) changes.push(await steerDocument(path, { ...search, entries }));
    else if (await isOther(path, search)) kept.push(path);
  }
  return { changes, kept };
}

const unchanged: Change = { added: [], dropped: [] };

interface Documents extends Search {
  /** Those of the head, by path. */
  readonly entries: ReadonlyMap<string, HeadEntry>;
}

async function steerDocument(path: RepoPath, documents: Documents): Promise<Change> {
  const { entries, ...search } = documents;
  const { head, base, headView } = search;
  const above = firstNoFolder(path, head);
  if (above !== undefined) {
    // Below a file there is nothing to read.
    if (!above.isLink) return unchanged;
    const [is, was] = [fileAt(await headView.resolve(path)), fileAt(await base.resolve(path))];
    // Where both lead to one file, that is imported by its own name, too.
    if (is === undefined || is === was) return unchanged;
    const { added } = await steerRoot(path, [], { ...search, isPlace: true });
    return { added, dropped: [above.path] };
  }
  const own = entries.get(path);
  const there = own === undefined ? await entriesBelow(path, search) : [own];
  return there === undefined ? unchanged : steerRoot(path, there, { ...search, isPlace: true });
}

/** What is in a folder of the head that is in the place of a file; undefined where the base has no file there either. */
async function entriesBelow(
  path: RepoPath,
  { head, base }: Search,
): Promise<readonly HeadEntry[] | undefined> {
  if ((await base.resolve(path)) === undefined) return undefined;
  if (head.paths.get(path) !== 'folder') return [];
  return head.entries.filter((entry) => entry.path.startsWith(`${path}/`));
}

/** The first name above a path that is no folder in the head. */
function firstNoFolder(
  path: RepoPath,
  { paths }: HeadTree,
): { readonly path: RepoPath; readonly isLink: boolean } | undefined {
  const segments = path.split('/').slice(0, -1);
  for (const [at] of segments.entries()) {
    const entry = paths.get(segments.slice(0, at + 1).join('/'));
    if (entry === 'folder') continue;
    const above = entry === undefined ? undefined : realPath(entry);
    return above === undefined ? undefined : { path: above, isLink: entry?.kind === 'symlink' };
  }
  return undefined;
}

/** Does a reader of the head find a file there that is not the base's? */
async function isOther(path: RepoPath, { base, headView }: Search): Promise<boolean> {
  const [is, was] = [await contentAt(headView, path), await contentAt(base, path)];
  return is !== undefined && is !== was;
}

async function contentAt(view: TreeView, path: RepoPath): Promise<string | undefined> {
  const reached = await view.resolve(path);
  return reached?.kind === 'file' ? reached.entry.sha : undefined;
}

function fileAt(reached: Reached | undefined): RepoPath | undefined {
  return reached?.kind === 'file' ? realPath(reached.entry) : undefined;
}
