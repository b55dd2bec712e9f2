import { type Dirent, readdirSync } from 'node:fs';
import { errorCode } from './ask.ts';

/** Where a walk of everything does not go: endless, or of single processes. */
const skipped = new Set(['/proc', '/sys']);

/** Every folder at and below `root` that can be listed, at most `most`. Follows no link. */
export function foldersIn(root: string, most: number): string[] {
  const found = [root];
  for (let at = 0; at < found.length && found.length < most; at += 1) {
    const folder = found[at] ?? root;
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !skipped.has(path)) found.push(path);
    }
  }
  return found;
}

/** Everything else at and below `root`: files, links, sockets, devices. */
export function filesIn(root: string, most: number): string[] {
  return foldersIn(root, most).flatMap((folder) =>
    entriesOf(folder)
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(folder, entry.name)),
  );
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR'].includes(errorCode(error))) return [];
    throw error;
  }
}

function join(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}
