import { firstIndex } from '../../domain/first-index.ts';
import type { RepoPath } from '../../domain/repo-path.ts';
import { LinkEffort } from './link-effort.ts';
import { decodeUtf8, readPath } from './repo-path-bytes.ts';
import type { TreeEntry } from './tree-listing.ts';

/** Links that are followed for one path: Linux's own ceiling, path_resolution(7). */
const maxLinks = 40;
/** Longest symlink target that Linux accepts: PATH_MAX less its NUL. */
const maxTargetBytes = 4_095;

/** What a reader of a path comes to. */
export type Reached =
  | { readonly kind: 'file'; readonly entry: TreeEntry }
  | { readonly kind: 'folder'; readonly path: string };

/** One tree, read as a file system would read it if it were checked out; links are followed within it alone. */
export class TreeView {
  readonly #paths: ReadonlyMap<string, TreeEntry | 'folder'>;
  readonly #sorted: readonly string[];
  readonly #readBlob: (sha: string) => Promise<Buffer>;
  readonly #targets = new Map<string, string | undefined>();
  readonly #effort = new LinkEffort();

  constructor(
    paths: ReadonlyMap<string, TreeEntry | 'folder'>,
    readBlob: (sha: string) => Promise<Buffer>,
  ) {
    this.#paths = paths;
    this.#readBlob = readBlob;
    this.#sorted = [...paths].filter(([, entry]) => entry !== 'folder').map(([path]) => path);
    this.#sorted = this.#sorted.toSorted((a, b) => (a < b ? -1 : 1));
  }

  /** Every path that is no folder. */
  get entries(): readonly string[] {
    return this.#sorted;
  }

  at(path: string): TreeEntry | 'folder' | undefined {
    return path === '' ? 'folder' : this.#paths.get(path);
  }

  /** Paths of all entries in a folder and the folders in it, none through a link. */
  *below(folder: string): Generator<string> {
    const start = folder === '' ? '' : `${folder}/`;
    const from = firstIndex(this.#sorted, (path) => path >= start);
    for (let at = from; this.#sorted[at]?.startsWith(start) === true; at += 1)
      yield this.#sorted[at] as string;
  }

  /**
   * Follows links as Linux does. Undefined for what is not there, a loop, and a link that leaves the tree.
   * @throws SallyportError `input.too-large` when the links of this tree take too long, all that is asked together
   */
  async resolve(path: string): Promise<Reached | undefined> {
    const rest = path.split('/');
    const folder: string[] = [];
    let links = 0;
    for (let segment = rest.shift(); segment !== undefined; segment = rest.shift()) {
      if (links > 0) this.#effort.spend(1 + folder.length);
      if (segment === '' || segment === '.') continue;
      if (segment === '..') {
        if (folder.pop() === undefined) return undefined;
        continue;
      }
      const entry = this.#paths.get([...folder, segment].join('/'));
      if (entry === 'folder') folder.push(segment);
      else if (entry?.kind === 'symlink' && links < maxLinks) {
        links += 1;
        const target = await this.#target(entry);
        if (target === undefined) return undefined;
        rest.unshift(...target.split('/'));
      } else return rest.length === 0 && isFile(entry) ? { kind: 'file', entry } : undefined;
    }
    return { kind: 'folder', path: folder.join('/') };
  }

  /** Undefined for an absolute one, or one that is none: in a sandbox it leads to something else, or nowhere. */
  async #target({ sha, bytes }: TreeEntry): Promise<string | undefined> {
    if (bytes === 0 || bytes > maxTargetBytes) return undefined;
    this.#effort.spend(bytes);
    await this.#effort.takeTurns();
    if (!this.#targets.has(sha)) this.#targets.set(sha, targetIn(await this.#readBlob(sha)));
    return this.#targets.get(sha);
  }
}

function targetIn(blob: Buffer): string | undefined {
  const target = decodeUtf8(blob);
  return target?.startsWith('/') === true || target?.includes('\0') === true ? undefined : target;
}

/** Every path of a listing that can be named, and every folder above one. */
export function pathsOf(listing: readonly TreeEntry[]): Map<string, TreeEntry | 'folder'> {
  const paths = new Map<string, TreeEntry | 'folder'>();
  for (const entry of listing) {
    const reading = readPath(entry.pathBytes);
    if ('path' in reading) addPath(paths, reading.path, entry);
  }
  return paths;
}

/** Adds a path and the folders above it. */
export function addPath(
  paths: Map<string, TreeEntry | 'folder'>,
  path: RepoPath,
  entry: TreeEntry,
): void {
  paths.set(path, entry);
  let slash = path.lastIndexOf('/');
  while (slash !== -1 && !paths.has(path.slice(0, slash))) {
    paths.set(path.slice(0, slash), 'folder');
    slash = path.lastIndexOf('/', slash - 1);
  }
}

/** Is it the content of a file, and no link or submodule? */
export function isFile(entry: TreeEntry | 'folder' | undefined): entry is TreeEntry {
  return typeof entry === 'object' && (entry.kind === 'file' || entry.kind === 'executable');
}
