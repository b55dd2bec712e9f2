import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { z } from 'zod';
import { PINNED_BASE } from './base-image.ts';
import { ROOT } from './root.ts';
import { type WorkerBundle, workerBundles } from './worker-bundle.ts';

/** Everything that the worker image is made of, before it is read and sent. */
export type WorkerInputs = {
  /** SHA-256 over all of it, hex: the same inputs give the same tag. */
  readonly digest: string;
  readonly dockerfile: string;
  readonly bundles: readonly WorkerBundle[];
  /** The large binaries, by their name in the context. */
  readonly binaries: readonly PlatformBinary[];
};

/** A program that npm installed for this platform; known by the integrity in the lockfile. */
export type PlatformBinary = {
  readonly name: string;
  readonly path: string;
  readonly integrity: string;
};

const Lockfile = z.object({
  packages: z.record(z.string(), z.object({ integrity: z.string().optional() })),
});

const EXECUTABLE = 0o755;
const DATA = 0o644;

/** Without it Node reads a bundle twice to find out that it is an ES module. */
const PACKAGE_JSON = '{"type":"module"}\n';

/**
 * Collects the inputs of the worker image for this machine's processor.
 *
 * @throws Error when the supervisor or an agent does not build, or there is no binary for this platform.
 */
export async function workerInputs(root: string = ROOT): Promise<WorkerInputs> {
  const [dockerfile, bundles, binaries] = await Promise.all([
    readFile(join(root, 'workers', 'Dockerfile'), 'utf8'),
    workerBundles(root),
    platformBinaries(root),
  ]);
  const hash = createHash('sha256');
  const add = (value: string | Uint8Array): unknown =>
    hash.update(`${value.length}\0`).update(value);
  for (const value of [PINNED_BASE, process.arch, dockerfile, PACKAGE_JSON]) add(value);
  for (const { name, integrity } of binaries) [name, integrity].forEach(add);
  for (const { path, contents } of bundles) [path, contents].forEach(add);
  return { digest: hash.digest('hex'), dockerfile, bundles, binaries };
}

/** The build context as a tar. Times are zero: equal inputs are equal bytes. */
export async function workerContext(inputs: WorkerInputs): Promise<Readable> {
  const tar = pack();
  const mtime = new Date(0);
  const add = (name: string, mode: number, contents: string | Uint8Array): unknown =>
    tar.entry({ name, mode, mtime }, asBuffer(contents));
  add('Dockerfile', DATA, inputs.dockerfile);
  add('sallyport/package.json', DATA, PACKAGE_JSON);
  for (const { path, contents } of inputs.bundles) add(`sallyport/${path}`, DATA, contents);
  for (const { name, path } of inputs.binaries) add(name, EXECUTABLE, await readFile(path));
  tar.finalize();
  return Readable.from(tar, { objectMode: false });
}

/** A view, not a copy: one of these is 120 MB. */
function asBuffer(contents: string | Uint8Array): Buffer {
  if (typeof contents === 'string') return Buffer.from(contents);
  return Buffer.from(contents.buffer, contents.byteOffset, contents.byteLength);
}

async function platformBinaries(root: string): Promise<readonly PlatformBinary[]> {
  const platform = `linux-${process.arch}`;
  const lock = Lockfile.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')));
  const binary = (name: string, folder: string, file: string): PlatformBinary => {
    const integrity = lock.packages[`node_modules/${folder}`]?.integrity;
    if (process.platform !== 'linux' || integrity === undefined) {
      throw new Error(
        `no ${name} for ${process.platform}-${process.arch} to put in the worker image`,
      );
    }
    return { name, path: join(root, 'node_modules', folder, file), integrity };
  };
  return [
    binary('node', `node-${platform}`, 'bin/node'),
    binary('biome', `@biomejs/cli-${platform}`, 'biome'),
  ];
}
