import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { announce } from './announce.ts';
import { cacheFolder } from './cache-folder.ts';
import { runCommand } from './run-command.ts';

/** A folder with `package.json` and `package-lock.json` whose packages go into an image. */
export interface LockedModules {
  /** What it is called in the cache and in the build context. */
  readonly name: string;
  readonly folder: string;
  /** What of it does not go there: patterns of paths below `node_modules`. */
  readonly leaveOut: readonly RegExp[];
  /** SHA-256 over the lockfile and the platform, hex. */
  readonly digest: string;
}

/** Younger installs stay: another clone on this machine may be building with one. */
const keepMs = 24 * 60 * 60 * 1_000;

/** What an image gets of npm's packages, from the lockfile alone: nothing is downloaded for it. */
export async function readLockedModules(
  name: string,
  folder: string,
  leaveOut: readonly RegExp[] = [],
): Promise<LockedModules> {
  const lock = await readFile(join(folder, 'package-lock.json'));
  const platform = `${process.platform}-${process.arch}`;
  const digest = createHash('sha256').update(`${platform}\0`).update(lock).digest('hex');
  return { name, folder, leaveOut, digest };
}

/**
 * The `node_modules` folder of these packages, installed from their lockfile on the first call and kept
 * in the cache. Here and not in a stage of the build: this machine's npm has its registry, its
 * authorities and perhaps a token, none of which belongs into an engine's layers. Install scripts do
 * not run. Packages of another processor or system are left out.
 *
 * @throws Error with the end of npm's output.
 */
export async function installedModules({ name, folder, digest }: LockedModules): Promise<string> {
  const cache = join(cacheFolder(), 'modules');
  const place = join(cache, `${name}-${digest.slice(0, 16)}`);
  if (existsSync(place)) return join(place, 'node_modules');
  announce(`installing the npm packages of ${name}`);
  const staging = join(cache, `${name}-${randomUUID()}.tmp`);
  await mkdir(staging, { recursive: true });
  try {
    for (const file of ['package.json', 'package-lock.json'])
      await cp(join(folder, file), join(staging, file));
    await npmCi(staging);
    // Renamed when it is whole, so that an interrupted one is never taken for it.
    await rename(staging, place).catch((error: unknown) => {
      if (!existsSync(place)) throw error;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  await removeOld(cache, name, place);
  return join(place, 'node_modules');
}

async function npmCi(cwd: string): Promise<void> {
  // Under `npm run` this names the very npm that started us; otherwise the one on PATH.
  const cli = process.env['npm_execpath'];
  const [file, ...prefix] = cli?.endsWith('.js') === true ? [process.execPath, cli] : ['npm'];
  const options = ['--ignore-scripts', '--omit=dev', '--include=optional', '--loglevel=error'];
  await runCommand(file, [...prefix, 'ci', '--no-audit', '--no-fund', ...options], { cwd });
  // A package that cannot be had is not an error to npm when it is optional, as one of each platform is.
  const installed = await readdir(join(cwd, 'node_modules')).catch(() => []);
  if (installed.some((name) => !name.startsWith('.'))) return;
  throw new Error(`npm has none of these packages for ${process.platform}-${process.arch}`);
}

async function removeOld(cache: string, name: string, current: string): Promise<void> {
  const isOfName = (entry: string): boolean =>
    entry.startsWith(`${name}-`) && /^[0-9a-f]{16}$/.test(entry.slice(name.length + 1));
  for (const entry of (await readdir(cache)).filter(isOfName)) {
    const place = join(cache, entry);
    const isOld = Date.now() - (await stat(place)).ctimeMs > keepMs;
    if (isOld && place !== current) await rm(place, { recursive: true, force: true });
  }
}
