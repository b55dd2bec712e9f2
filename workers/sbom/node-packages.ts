import { type Dirent, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { NodePackage } from './image-contents.ts';

const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  license: z.union([z.string(), z.object({ type: z.string() })]).optional(),
});

/**
 * The packages below a `node_modules` folder, nested ones too; none when there is no such folder. A name is
 * the package's own, which is another than its folder's for an alias.
 *
 * @throws Error when a package does not say what it is.
 */
export function nodePackages(modules: string): readonly NodePackage[] {
  if (!existsSync(modules)) return [];
  return packageFolders(modules).flatMap((folder) => [
    readPackage(folder),
    ...nodePackages(join(folder, 'node_modules')),
  ]);
}

/** Says what the package in a folder is. @throws Error when it does not say so */
function readPackage(folder: string): NodePackage {
  const text = readFileSync(join(folder, 'package.json'), 'utf8');
  const { name, version, license } = Manifest.parse(JSON.parse(text));
  return { name, version, license: typeof license === 'object' ? license.type : (license ?? null) };
}

function packageFolders(modules: string): readonly string[] {
  return foldersIn(modules).flatMap((name) => {
    const folder = join(modules, name);
    return name.startsWith('@')
      ? foldersIn(folder).map((inScope) => join(folder, inScope))
      : [folder];
  });
}

/** Not `.bin` and its like, and nothing that is only linked to. */
function foldersIn(folder: string): readonly string[] {
  const isPackage = (entry: Dirent): boolean => entry.isDirectory() && !entry.name.startsWith('.');
  return readdirSync(folder, { withFileTypes: true })
    .filter(isPackage)
    .map(({ name }) => name);
}
