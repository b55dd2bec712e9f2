import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { installedModules } from './locked-modules.ts';
import { moduleFiles } from './module-files.ts';
import { PACKAGE_JSON, type WorkerInputs } from './worker-context.ts';

const EXECUTABLE = 0o755;
const DATA = 0o644;

/** Times are zero: equal inputs are equal bytes. */
const mtime = new Date(0);

/**
 * The build context as a tar. Installs the npm packages that it holds, if they are not there yet.
 *
 * @throws Error with the end of npm's output.
 */
export async function contextTar(inputs: WorkerInputs): Promise<Readable> {
  const trees: (readonly [name: string, root: string])[] = [];
  for (const modules of inputs.modules) trees.push([modules.name, await installedModules(modules)]);
  const tar = pack();
  fill(tar, inputs, trees).catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return Readable.from(tar, { objectMode: false });
}

async function fill(
  tar: Pack,
  inputs: WorkerInputs,
  trees: readonly (readonly [name: string, root: string])[],
): Promise<void> {
  const add = (name: string, mode: number, contents: string | Uint8Array): unknown =>
    tar.entry({ name, mode, mtime }, Buffer.from(contents));
  add('Dockerfile', DATA, inputs.dockerfile);
  for (const [name, text] of Object.entries(inputs.scripts)) add(name, EXECUTABLE, text);
  add('sallyport/package.json', DATA, PACKAGE_JSON);
  for (const { path, contents } of inputs.bundles) add(`sallyport/${path}`, DATA, contents);
  for (const { name, path } of inputs.binaries)
    await addFile(tar, path, { name, mode: EXECUTABLE, size: (await stat(path)).size });
  for (const [name, root] of trees) await addTree(tar, `${name}/node_modules`, root);
  tar.finalize();
}

async function addTree(tar: Pack, prefix: string, root: string): Promise<void> {
  for (const file of await moduleFiles(root)) {
    const name = `${prefix}/${file.path}`;
    if (file.kind === 'link') tar.entry({ name, mtime, type: 'symlink', linkname: file.target });
    else await addFile(tar, join(root, file.path), { name, mode: file.mode, size: file.size });
  }
}

/** Streamed: an agent's program is up to 400 MB. */
async function addFile(
  tar: Pack,
  path: string,
  header: { readonly name: string; readonly mode: number; readonly size: number },
): Promise<void> {
  await pipeline(createReadStream(path), tar.entry({ ...header, mtime }));
}
