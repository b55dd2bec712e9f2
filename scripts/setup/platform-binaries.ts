import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** A program that npm installed for this platform; known by the integrity in the lockfile. */
export type PlatformBinary = {
  readonly name: string;
  /** Of its package. */
  readonly folder: string;
  readonly path: string;
  readonly integrity: string;
};

const Lockfile = z.object({
  packages: z.record(z.string(), z.object({ integrity: z.string().optional() })),
});

/**
 * Node and Biome, as the repository's own lockfile has them.
 *
 * @throws Error when there is none for this platform.
 */
export async function platformBinaries(root: string): Promise<readonly PlatformBinary[]> {
  const platform = `linux-${process.arch}`;
  const lock = Lockfile.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')));
  const binary = (name: string, packageName: string, file: string): PlatformBinary => {
    const integrity = lock.packages[`node_modules/${packageName}`]?.integrity;
    if (process.platform !== 'linux' || integrity === undefined) {
      throw new Error(
        `no ${name} for ${process.platform}-${process.arch} to put in the worker image`,
      );
    }
    const folder = join(root, 'node_modules', packageName);
    return { name, folder, path: join(folder, file), integrity };
  };
  return [
    binary('node', `node-${platform}`, 'bin/node'),
    binary('biome', `@biomejs/cli-${platform}`, 'biome'),
  ];
}
