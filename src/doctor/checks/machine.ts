import { execFile } from 'node:child_process';
import { readFileSync, statfsSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { type Check, type Finding, fault, ok } from '../check.ts';

const run = promisify(execFile);
const answerMs = 5_000;

/** package.json, `engines`. */
const leastNode = 24;
/** Debian 12's; what the mirrors' hardening is tested with. */
const leastGit = [2, 39] as const;
const leastRedis = [7, 0] as const;
/** Room for mirrors, record and queue to grow until somebody looks. */
const leastFreeBytes = 2 * 1024 ** 3;
/** Anybody but the owner. */
const othersBits = 0o077;

/** Is this machine what the control plane needs? */
export function machineChecks(dataDir: string): readonly Check[] {
  return [
    { name: 'node', look: () => judgeNode(process.versions.node) },
    { name: 'git', look: async () => judgeGit(await versionOf('git', ['--version'])) },
    { name: 'data folder', look: () => judgeFolder(dataDir) },
    { name: 'disk', look: () => judgeDisk(dataDir) },
    { name: 'swap', look: () => judgeSwap(readFileSync('/proc/meminfo', 'utf8')) },
  ];
}

/** The server that the embedded queue starts. */
export function redisProgramCheck(searchPath: string): Check {
  const look = async (): Promise<Finding> =>
    judgeRedis(await versionOf('redis-server', ['--version'], searchPath));
  return { name: 'redis', look };
}

/** A file with secrets: nobody but its owner may read it. */
export function secretFileCheck(name: string, path: string): Check {
  return { name, look: () => judgeSecretFile(path) };
}

/** Pure part of the check `node`. */
export function judgeNode(version: string): Finding {
  const major = Number(version.split('.')[0]);
  return major >= leastNode
    ? ok(`Node ${version}`)
    : fault(`Node ${version}`, `Install Node ${leastNode} or later; npm scripts bring their own.`);
}

/** Pure part of the check `git`; null: it is not there. */
export function judgeGit(version: string | null): Finding {
  const says = version === null ? 'git is not there' : `git ${version}`;
  return isAtLeast(version, leastGit)
    ? ok(says)
    : fault(says, `Install git ${leastGit.join('.')}.`);
}

/** Pure part of the check `redis`; null: it is not there. */
export function judgeRedis(version: string | null): Finding {
  const says = version === null ? 'redis-server is not there' : `redis-server ${version}`;
  return isAtLeast(version, leastRedis)
    ? ok(`${says}, embedded`)
    : fault(says, `Install Redis ${leastRedis.join('.')} or later, or set REDIS_URL.`);
}

/** Pure part of the check `swap`. */
function judgeSwap(meminfo: string): Finding {
  const kibibytes = Number(/^SwapTotal:\s+(\d+)/m.exec(meminfo)?.[1] ?? 0);
  return kibibytes === 0
    ? ok('the host has none')
    : ok(`the host has ${Math.round(kibibytes / 1024)} MiB; sandboxes may use none of it`);
}

function judgeFolder(path: string): Finding {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return ok(`${path} is made at the first start`);
  if (!stat.isDirectory()) return fault(`${path} is not a folder`, 'Name another: SALLYPORT_DATA.');
  if ((stat.mode & othersBits) !== 0)
    return fault(`others may enter ${path}`, `Close it: chmod 700 ${path}`);
  return stat.uid === process.getuid?.()
    ? ok(`${path}, ours alone`)
    : fault(`${path} is uid ${stat.uid}'s`, 'Run Sallyport as its owner, or give it away.');
}

function judgeSecretFile(path: string): Finding {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return fault(`${path} is not there`, 'Correct its variable.');
  return (stat.mode & othersBits) === 0
    ? ok(`${path}, ours alone`)
    : fault(`others may read ${path}`, `Close it: chmod 600 ${path}`);
}

function judgeDisk(dataDir: string): Finding {
  const { bavail, bsize } = statfsSync(existingParent(dataDir));
  const freeBytes = bavail * bsize;
  const says = `${(freeBytes / 1024 ** 3).toFixed(1)} GiB free for ${dataDir}`;
  return freeBytes >= leastFreeBytes ? ok(says) : fault(says, 'Make room, or name another disk.');
}

function existingParent(path: string): string {
  const isThere = statSync(path, { throwIfNoEntry: false }) !== undefined;
  return isThere ? path : existingParent(path.slice(0, path.lastIndexOf('/')) || '/');
}

/** Only the variable that is needed: a program of this machine has no business with our secrets. */
async function versionOf(
  program: string,
  args: readonly string[],
  searchPath = '/usr/local/bin:/usr/bin:/bin',
): Promise<string | null> {
  try {
    const options = { timeout: answerMs, env: { PATH: searchPath } };
    const { stdout } = await run(program, [...args], options);
    return /(\d+\.\d+(?:\.\d+)?)/.exec(stdout)?.[1] ?? null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function isAtLeast(version: string | null, [major, minor]: readonly [number, number]): boolean {
  const [haveMajor = 0, haveMinor = 0] = (version ?? '0').split('.').map(Number);
  return haveMajor > major || (haveMajor === major && haveMinor >= minor);
}
