import { posix } from 'node:path';
import type { RepoPath } from '../../domain/repo-path.ts';
import { importsIn, isDocument } from '../../domain/steering-imports.ts';
import { steeringRoot } from '../../domain/steering-paths.ts';
import { decodeUtf8, readPath } from './repo-path-bytes.ts';
import type { TreeEntry } from './tree-listing.ts';
import { isFile, type TreeView } from './tree-view.ts';

/** Files that import each other are followed as far as Claude Code and Gemini CLI do. */
const maxDepth = 5;
/** Most files that are read, and bytes of each: what agents are told fits into their memory. */
const maxRead = 500;
const maxFileBytes = 256 * 1024;
/** Most imports; the rest are as the head has them. */
const maxImports = 2_000;

/** A file that is to be read for what it imports. */
interface Reading {
  /** As it is reached, and where it is: an import may be meant from either. */
  readonly folders: readonly string[];
  readonly entry: TreeEntry;
  readonly depth: number;
}

/**
 * What the files of a tree that steer agents import, and what that imports, links followed: as it is named, and where
 * it is. Files that steer by their own name are not among them.
 */
export async function steeringImports(
  base: TreeView,
  readBlob: (sha: string) => Promise<Buffer>,
): Promise<ReadonlySet<RepoPath>> {
  const found = new Set<RepoPath>();
  const queue = await steeringFiles(base);
  for (let at = 0; at < Math.min(queue.length, maxRead) && found.size < maxImports; at += 1) {
    const { folders, entry, depth } = queue[at] as Reading;
    if (depth >= maxDepth || entry.bytes > maxFileBytes) continue;
    const text = decodeUtf8(await readBlob(entry.sha));
    for (const path of folders.flatMap((folder) => importsIn(text ?? '', folder))) {
      if (found.has(path) || steeringRoot(path) !== undefined) continue;
      const reached = await base.resolve(path);
      if (reached?.kind === 'folder') continue;
      found.add(path);
      if (reached === undefined) continue;
      const real = realPath(reached.entry);
      if (real !== undefined) found.add(real);
      if (isDocument(path)) queue.push(readingOf(path, reached.entry, depth + 1));
    }
  }
  return found;
}

/** The texts that steer by their names. */
async function steeringFiles(base: TreeView): Promise<Reading[]> {
  const files: Reading[] = [];
  for (const path of base.entries) {
    if (steeringRoot(path) === undefined) continue;
    const reached = await base.resolve(path);
    const below = reached?.kind === 'folder' ? [...base.below(reached.path)] : [];
    for (const name of below) addFile(files, name, base.at(name));
    if (reached?.kind === 'file') addFile(files, path, reached.entry);
  }
  return files;
}

function addFile(files: Reading[], path: string, entry: TreeEntry | 'folder' | undefined): void {
  if (isFile(entry) && isDocument(path)) files.push(readingOf(path, entry, 0));
}

function readingOf(path: string, entry: TreeEntry, depth: number): Reading {
  const folders = [path, realPath(entry) ?? path].map((name) => posix.dirname(name));
  return { folders: [...new Set(folders)], entry, depth };
}

/** Where a file is that was reached through links; undefined for a path that cannot be named. */
export function realPath({ pathBytes }: TreeEntry): RepoPath | undefined {
  const reading = readPath(pathBytes);
  return 'path' in reading ? reading.path : undefined;
}
