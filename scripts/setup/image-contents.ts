import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { PlatformBinary } from './platform-binaries.ts';

const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().optional(),
});

/** A package as its own `package.json` names it. */
type PackageName = {
  readonly name: string;
  readonly version: string;
  readonly license: string | null;
};

/**
 * What a build says of an image that cannot be seen in it: the packages that programs came from by
 * themselves, and those whose code is in the bundles. JSON, read by `workers/sbom`.
 */
export async function imageContents(
  image: string,
  binaries: readonly PlatformBinary[],
  bundledFolders: readonly string[],
): Promise<string> {
  const known = await Promise.all(
    binaries.map(async ({ name, folder }) => ({
      ...(await readPackage(folder)),
      path: `/usr/local/bin/${name}`,
    })),
  );
  const bundled = await Promise.all(bundledFolders.map(readPackage));
  return `${JSON.stringify({ image, binaries: known, bundled })}\n`;
}

/**
 * The folders of the npm packages that these source files belong to, sorted; `inputs` are the paths of
 * esbuild's metafile, relative to `root`.
 */
export function packageFolders(inputs: readonly string[], root: string): readonly string[] {
  const folders = inputs.flatMap((input) => {
    const parts = input.split('/');
    const at = parts.lastIndexOf('node_modules') + 1;
    if (at === 0) return [];
    const end = at + (parts[at]?.startsWith('@') === true ? 2 : 1);
    return [join(root, ...parts.slice(0, end))];
  });
  return [...new Set(folders)].sort();
}

async function readPackage(folder: string): Promise<PackageName> {
  const text = await readFile(join(folder, 'package.json'), 'utf8');
  const { name, version, license = null } = Manifest.parse(JSON.parse(text));
  return { name, version, license };
}
