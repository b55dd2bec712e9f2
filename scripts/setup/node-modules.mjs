// Brings node_modules in line with package-lock.json. Plain JavaScript: see bootstrap.mjs.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Written last, inside node_modules, so that an interrupted install is never taken for a whole one. */
const STAMP = '.sallyport-lock';

/** The digest of what an install depends on: the lockfile, and the platform it was resolved for. */
function lockDigest(root, platform = `${process.platform}-${process.arch}`) {
  const hash = createHash('sha256').update(platform).update('\0');
  return hash.update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
}

/** Whether node_modules was installed from exactly this lockfile. */
function modulesMatch(root) {
  const stamp = join(root, 'node_modules', STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === lockDigest(root);
}

/**
 * Installs the locked packages unless that has been done.
 *
 * `npm ci`, never `npm install`: it refuses a lockfile that does not match package.json. Install
 * scripts of dependencies do not run. npm's output goes to stderr: stdout belongs to the command.
 *
 * @throws with npm's exit code when the install fails.
 */
export async function ensureModules(root) {
  if (modulesMatch(root)) return;
  process.stderr.write('sallyport set-up: installing npm packages from package-lock.json\n');
  await npm(root, [
    'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--include=dev',
    '--include=optional',
    // Over the `silent` of .npmrc, and of `npm run --silent`: a failure must say why.
    '--loglevel=error',
  ]);
  writeFileSync(join(root, 'node_modules', STAMP), `${lockDigest(root)}\n`);
}

function npm(root, args) {
  // Under `npm run` this names the very npm that started us; otherwise the one on PATH.
  const cli = process.env['npm_execpath'];
  const [file, ...prefix] = cli?.endsWith('.js') ? [process.execPath, cli] : ['npm'];
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...prefix, ...args], { cwd: root, stdio: ['ignore', 2, 2] });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve(undefined);
      else reject(new Error(`npm ${args[0]} failed (${signal ?? `exit code ${code}`})`));
    });
  });
}
