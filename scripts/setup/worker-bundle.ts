import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './root.ts';

/** One JavaScript file of the worker image; `path` is relative to `/opt/sallyport`. */
export type WorkerBundle = {
  readonly path: string;
  readonly contents: Uint8Array;
};

/** Bundled CommonJS packages still call `require` for Node's own modules; ES modules have none. */
const REQUIRE_SHIM =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * Bundles what runs inside the sandbox: `workers/supervisor/main.ts` as `supervisor.js` and every
 * `workers/agents/<name>/main.ts` as `agents/<name>.js`. Not minified: a stack trace from a sandbox
 * should be readable.
 *
 * @throws when the supervisor is missing or a bundle does not build.
 */
export async function workerBundles(root: string = ROOT): Promise<readonly WorkerBundle[]> {
  const agents = await agentNames(root);
  const entries = [
    { in: 'workers/supervisor/main.ts', out: 'supervisor' },
    ...agents.map((name) => ({ in: `workers/agents/${name}/main.ts`, out: `agents/${name}` })),
  ];
  const outdir = join(root, 'dist', 'worker');
  const built = await build({
    absWorkingDir: root,
    banner: { js: REQUIRE_SHIM },
    bundle: true,
    entryPoints: entries,
    format: 'esm',
    legalComments: 'none',
    logLevel: 'silent',
    outdir,
    platform: 'node',
    target: 'node24',
    write: false,
  });
  return built.outputFiles.map(({ path, contents }) => ({
    path: path.slice(outdir.length + 1),
    contents,
  }));
}

async function agentNames(root: string): Promise<string[]> {
  const entries = await readdir(join(root, 'workers', 'agents'), {
    withFileTypes: true,
    recursive: true,
  });
  return entries
    .filter((entry) => entry.isFile() && entry.name === 'main.ts')
    .map((entry) => entry.parentPath.slice(join(root, 'workers', 'agents').length + 1))
    .filter((name) => name !== '' && !name.includes('/'))
    .sort();
}
