import { glob, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { SourceTree } from './check-architecture.ts';

/** Reads every TypeScript file of `src` and `workers`. */
export async function loadTree(root: string): Promise<SourceTree> {
  const tree = new Map<string, string>();
  for await (const path of glob('{src,workers}/**/*.ts', { cwd: root })) {
    tree.set(path.split(sep).join('/'), await readFile(join(root, path), 'utf8'));
  }
  return tree;
}
