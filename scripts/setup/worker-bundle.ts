import { existsSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { packageFolders } from './image-contents.ts';
import { ROOT } from './root.ts';

/** One JavaScript file of the worker image; `path` is relative to `/opt/sallyport`. */
export type WorkerBundle = {
  readonly path: string;
  readonly contents: Uint8Array;
};

/** The JavaScript of an image, and the folders of the npm packages whose code is in it. */
export type WorkerBuild = {
  readonly bundles: readonly WorkerBundle[];
  readonly packages: readonly string[];
};

/** Bundled CommonJS packages still call `require` for Node's own modules; ES modules have none. */
const REQUIRE_SHIM =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * Bundles what runs inside the sandbox: `workers/supervisor/main.ts` as `supervisor.js`, `workers/mcp/main.ts` as
 * `mcp.js`, every `workers/agents/<name>/main.ts` as `agents/<name>.js`, `extension.ts` beside it as
 * `extensions/<name>.js`, and what lists an image's parts while it is built. Not minified: a stack trace from a
 * sandbox should be readable.
 *
 * @throws when one of them is missing or does not build.
 */
export async function workerBuild(root: string = ROOT): Promise<WorkerBuild> {
  const [agents, extensions] = await Promise.all([agentNames(root), extensionNames(root)]);
  const entryPoints = [
    { in: 'workers/supervisor/main.ts', out: 'supervisor' },
    { in: 'workers/mcp/main.ts', out: 'mcp' },
    { in: 'workers/sbom/main.ts', out: 'sbom' },
    ...agents.map((name) => ({ in: `workers/agents/${name}/main.ts`, out: `agents/${name}` })),
    ...extensions.map((name) => ({
      in: `workers/agents/${name}/extension.ts`,
      out: `extensions/${name}`,
    })),
  ];
  const outdir = join(root, 'dist', 'worker');
  const built = await build({
    absWorkingDir: root,
    banner: { js: REQUIRE_SHIM },
    bundle: true,
    entryPoints,
    format: 'esm',
    legalComments: 'none',
    logLevel: 'silent',
    metafile: true,
    outdir,
    platform: 'node',
    target: 'node24',
    write: false,
  });
  const bundles = built.outputFiles.map(({ path, contents }) => ({
    path: path.slice(outdir.length + 1),
    contents,
  }));
  return { bundles, packages: packageFolders(Object.keys(built.metafile.inputs), root) };
}

/** The JavaScript alone. @throws as `workerBuild` */
export async function workerBundles(root: string = ROOT): Promise<readonly WorkerBundle[]> {
  return (await workerBuild(root)).bundles;
}

/** Agents whose program loads a part of ours. */
async function extensionNames(root: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const path of glob('workers/agents/*/extension.ts', { cwd: root }))
    names.push(basename(dirname(path)));
  return names.sort();
}

/** What every worker image has, whatever its agents. */
const entries = ['workers/supervisor/main.ts', 'workers/mcp/main.ts'];

/** Folders of `workers/agents` that hold a `main.ts`. The linters are the agent that needs no model. */
async function agentNames(root: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const path of glob('workers/agents/*/main.ts', { cwd: root })) {
    names.push(basename(dirname(path)));
  }
  const isComplete =
    names.includes('linters') && entries.every((path) => existsSync(join(root, path)));
  if (isComplete) return names.sort();
  throw new Error(
    `${entries.join(', ')} and workers/agents/linters/main.ts are what the worker image runs; ` +
      'this working tree lacks one of them',
  );
}
