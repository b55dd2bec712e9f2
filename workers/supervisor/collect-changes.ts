import { isUtf8 } from 'node:buffer';
import { type Dirent, readdirSync } from 'node:fs';
import type { WorkspaceChange } from '../../src/protocol/result.ts';
import { type CompareLimits, compareFile, compareSymlink } from './compare-file.ts';
import type { GivenFiles } from './given-files.ts';
import { isRepoPath } from './repo-path.ts';

/** Folders below each other. A path given to the agent may be deeper; one it made may not. */
const maxDepth = 100;
/** More entries and the workspace is not looked at: runc's tmpfs bounds them, gVisor's does not. */
const maxEntries = 1_000_000;

/**
 * What differs between the workspace and what was given, in path order. Follows no link, opens
 * nothing but regular files, waits for nothing. Stops at one change more than `resultFiles`: the
 * control plane refuses that many by name.
 * @throws above 1,000,000 entries
 */
export function collectChanges(
  root: string,
  given: GivenFiles,
  limits: CompareLimits & { readonly resultFiles: number },
): readonly WorkspaceChange[] {
  const collector = new Collector(root, given, limits);
  collector.walk(limits.resultFiles);
  return collector.changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

class Collector {
  readonly changes: WorkspaceChange[] = [];
  readonly #root: string;
  readonly #given: GivenFiles;
  readonly #limits: CompareLimits;
  readonly #givenFolders: ReadonlySet<string>;
  readonly #seen = new Set<string>();
  readonly #closedFolders = new Set<string>();
  readonly #folders: string[] = [''];

  constructor(root: string, given: GivenFiles, limits: CompareLimits) {
    this.#root = root;
    this.#given = given;
    this.#limits = limits;
    this.#givenFolders = new Set([...given.keys()].flatMap(parentsOf));
  }

  walk(maxChanges: number): void {
    let entries = 0;
    for (let folder = this.#folders.pop(); folder !== undefined; folder = this.#folders.pop()) {
      for (const entry of this.#list(folder)) {
        entries += 1;
        if (entries > maxEntries) throw new Error(`the workspace has over ${maxEntries} entries`);
        this.#visit(folder, entry);
        if (this.changes.length > maxChanges) return;
      }
    }
    this.#findDeleted(maxChanges);
  }

  #list(folder: string): Dirent<Buffer>[] {
    try {
      return readdirSync(this.#place(folder), { withFileTypes: true, encoding: 'buffer' });
    } catch (error) {
      const tooLong = (error as NodeJS.ErrnoException).code === 'ENAMETOOLONG';
      this.#close(folder, tooLong ? 'bad-path' : 'unreadable');
      return [];
    }
  }

  #visit(folder: string, entry: Dirent<Buffer>): void {
    const prefix = folder === '' ? '' : `${folder}/`;
    const path = prefix + entry.name.toString(isUtf8(entry.name) ? 'utf8' : 'latin1');
    const isGiven = this.#given.has(path) || this.#givenFolders.has(path);
    const isNamed = isUtf8(entry.name) && (isGiven || isRepoPath(path));
    if (!isNamed) this.#close(path, 'bad-path');
    else if (entry.isDirectory()) this.#enter(path);
    else this.#compare(path, entry);
  }

  #enter(path: string): void {
    const isTooDeep = path.split('/').length > maxDepth && !this.#givenFolders.has(path);
    if (isTooDeep) this.#close(path, 'bad-path');
    else this.#folders.push(path);
  }

  #compare(path: string, entry: Dirent<Buffer>): void {
    this.#seen.add(path);
    const known = this.#given.get(path);
    const place = this.#place(path);
    if (entry.isSymbolicLink()) this.#add(compareSymlink(path, place, known));
    else if (!entry.isFile()) this.#add({ kind: 'refused', path, reason: 'special-file' });
    else this.#add(compareFile(path, place, { known, limits: this.#limits }));
  }

  /** Refuses a name once, and with it everything that may be below. */
  #close(path: string, reason: 'bad-path' | 'unreadable'): void {
    this.#closedFolders.add(path);
    this.#seen.add(path);
    this.#add({ kind: 'refused', path: path.slice(0, 4096).toWellFormed(), reason });
  }

  /** A file below a folder that could not be read is not known to be gone. */
  #findDeleted(maxChanges: number): void {
    for (const path of this.#given.keys()) {
      if (this.changes.length > maxChanges) return;
      const isHidden = ['', ...parentsOf(path)].some((folder) => this.#closedFolders.has(folder));
      if (this.#seen.has(path) || isHidden) continue;
      this.#add(deletion(path));
    }
  }

  #add(change: WorkspaceChange | undefined): void {
    if (change !== undefined) this.changes.push(change);
  }

  #place(path: string): string {
    return path === '' ? this.#root : `${this.#root}/${path}`;
  }
}

function deletion(path: string): WorkspaceChange {
  // A path that was given has passed the schema already; the brand says no more than that.
  return { kind: 'delete', path } as WorkspaceChange;
}

function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
    parents.push(path.slice(0, end));
  return parents;
}
