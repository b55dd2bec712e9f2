import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** One entry of a tree of packages; `path` is relative to its root. */
export type ModuleFile =
  | { readonly kind: 'file'; readonly path: string; readonly mode: number; readonly size: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/**
 * npm's own notes, which hold the registry's address, and what only compilers and debuggers read. Licences
 * and READMEs stay.
 */
const nobodyNeeds = [/^\.package-lock\.json$/, /\.map$/, /\.d\.[cm]?ts$/];

const executable = 0o755;
const data = 0o644;

/**
 * What of an installed `node_modules` goes into an image, by path; nothing that `leaveOut` matches. Modes
 * are one of two.
 */
export async function moduleFiles(
  root: string,
  leaveOut: readonly RegExp[],
): Promise<readonly ModuleFile[]> {
  const unwanted = [...nobodyNeeds, ...leaveOut];
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  const files: ModuleFile[] = [];
  for (const entry of entries) {
    const place = join(entry.parentPath, entry.name);
    const path = place.slice(root.length + 1);
    if (unwanted.some((pattern) => pattern.test(path))) continue;
    if (entry.isSymbolicLink()) files.push({ kind: 'link', path, target: await readlink(place) });
    if (!entry.isFile()) continue;
    const { mode, size } = await lstat(place);
    files.push({ kind: 'file', path, mode: (mode & 0o100) === 0 ? data : executable, size });
  }
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
}
