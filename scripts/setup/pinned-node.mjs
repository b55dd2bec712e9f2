// Which Node runs the project. Plain JavaScript: see bootstrap.mjs.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's own folder, absolute. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Oldest Node that runs TypeScript without a flag and has `node:sqlite` (package.json `engines`). */
const MINIMUM_MAJOR = 24;

const BIN = join(ROOT, 'node_modules', '.bin');

/** The major version of a `v26.10.0` text; NaN for anything else. */
function majorOf(version) {
  return Number(/^v?(\d+)\./.exec(version)?.[1] ?? Number.NaN);
}

/**
 * The absolute path of a Node that can run the project: the one from the lockfile, or the running
 * one when it is new enough.
 *
 * @throws when there is neither: an unsupported platform, or an install with `--omit=optional`.
 */
export function pinnedNode(candidates = [join(BIN, 'node'), process.execPath]) {
  for (const path of candidates) {
    if (majorOf(versionOf(path)) >= MINIMUM_MAJOR) return path;
  }
  throw new Error(
    `no Node.js ${MINIMUM_MAJOR} or newer. This is Node ${process.version} on ` +
      `${process.platform}-${process.arch}, and node_modules holds no Node for it (installed with ` +
      `--omit=optional, or a platform without a package). Install Node >= ${MINIMUM_MAJOR} and run again.`,
  );
}

function versionOf(path) {
  if (!existsSync(path)) return 'missing';
  const probe = startNode(path);
  if (probe.status === 0) return probe.stdout.trim();
  // Node 26 needs libatomic, which a minimal Debian does not have; the loader exits with 127 then.
  if (probe.status !== 127 || !probe.stderr.includes('libatomic.so.1')) return 'unusable';
  installLibatomic();
  return startNode(path).stdout.trim();
}

function startNode(path) {
  return spawnSync(path, ['--version'], { encoding: 'utf8' });
}

function installLibatomic() {
  const isAble = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!isAble)
    throw new Error('Node needs libatomic. Install it (Debian: libatomic1) and run again.');
  process.stderr.write('sallyport set-up: installing Debian packages: libatomic1\n');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'libatomic1']]) {
    const { status, stderr } = spawnSync('apt-get', ['-q', ...args], { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`apt-get ${args[0]} failed:\n${stderr.trim()}`);
  }
}

/**
 * What to spawn for a command and its arguments: `node` becomes the pinned binary itself, a tool of ours is started
 * from node_modules/.bin. The path is explicit because a shell caches where it found `node` before
 * the install, and because tools start through `#!/usr/bin/env node`, PATH has ours first.
 */
export function commandLine(node, [command, ...args], env = process.env) {
  const path = [dirname(node), BIN, env.PATH ?? ''].join(delimiter);
  const tool = join(BIN, command);
  const file = command === 'node' ? node : existsSync(tool) ? tool : command;
  return { file, args, env: { ...env, PATH: path } };
}
