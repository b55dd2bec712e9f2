import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Pack, pack } from 'tar-stream';
import { installedModules } from './locked-modules.ts';
import { type ModuleFile, moduleFiles } from './module-files.ts';
import { PACKAGE_JSON, type WorkerInputs } from './worker-context.ts';

const EXECUTABLE = 0o755;
const DATA = 0o644;

interface ModuleTree {
  readonly name: string;
  readonly root: string;
  readonly files: readonly ModuleFile[];
}

/** Times are zero: equal inputs are equal bytes. */
const mtime = new Date(0);

/**
 * The build context as a tar. Installs the npm packages that it holds, if they are not there yet.
 *
 * @throws Error with the end of npm's output.
 */
export async function contextTar(inputs: WorkerInputs): Promise<Readable> {
  const trees: ModuleTree[] = [];
  for (const modules of inputs.modules) {
    const root = await installedModules(modules);
    trees.push({ name: modules.name, root, files: await moduleFiles(root, modules.leaveOut) });
  }
  const tar = pack();
  fill(tar, inputs, trees).catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return Readable.from(tar, { objectMode: false });
}

async function fill(tar: Pack, inputs: WorkerInputs, trees: readonly ModuleTree[]): Promise<void> {
  const add = (name: string, mode: number, contents: string | Uint8Array): unknown =>
    tar.entry({ name, mode, mtime }, Buffer.from(contents));
  add('Dockerfile', DATA, inputs.dockerfile);
  for (const [name, text] of Object.entries(inputs.scripts)) add(name, EXECUTABLE, text);
  add('sallyport/package.json', DATA, PACKAGE_JSON);
  add('sallyport/contents.json', DATA, inputs.contents);
  for (const { path, contents } of inputs.bundles) add(`sallyport/${path}`, DATA, contents);
  for (const { name, path } of inputs.binaries)
    await addFile(tar, path, { name, mode: EXECUTABLE, size: (await stat(path)).size });
  for (const tree of trees) await addTree(tar, tree);
  tar.finalize();
}

async function addTree(tar: Pack, { name: of, root, files }: ModuleTree): Promise<void> {
  for (const file of files) {
    const name = `${of}/node_modules/${file.path}`;
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
