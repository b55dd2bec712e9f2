import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../ports/engine.ts';
import type { FindTraces } from './bench.ts';

const cgroupRoot = '/sys/fs/cgroup';
/** Deeper than any cgroup driver puts a container: controller, slice, parent, scope, and what is in it. */
const maxDepth = 6;
/** The engine and the kernel clear away behind a removal; measured below 100 ms. */
const looks = 20;
const pauseMs = 100;

/**
 * Looks for what a removed container left: in the engine, and on this host its mounts, cgroups, processes
 * and files. An engine on another machine has only its own word to give.
 */
export function tracesOn(
  engine: Engine,
  ownerId: string,
  pause: (ms: number) => Promise<void>,
): FindTraces {
  return async (containerId) => {
    const { rootDir } = await engine.info();
    let found: readonly string[] = [];
    for (let look = 0; look < looks; look += 1) {
      if (look > 0) await pause(pauseMs);
      found = [
        ...(await engine.containersOf(ownerId)).map((id) => `container ${id.slice(0, 12)}`),
        ...(await onHost(containerId, rootDir)),
      ];
      if (found.length === 0) break;
    }
    return found;
  };
}

async function onHost(containerId: string, rootDir: string): Promise<readonly string[]> {
  if (containerId === '') return ['the engine had no container to look for'];
  const name = containerId.slice(0, 12);
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  const folder = join(rootDir, 'containers', containerId);
  return [
    ...(mounts.includes(containerId) ? [`mount of ${name}`] : []),
    ...(existsSync(folder) ? [`files of ${name}`] : []),
    ...(await cgroupsOf(containerId, cgroupRoot, 0)).map((path) => `cgroup ${path}`),
    ...(await processesOf(containerId)).map((pid) => `process ${pid}`),
  ];
}

async function cgroupsOf(containerId: string, folder: string, depth: number): Promise<string[]> {
  if (depth > maxDepth) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(gone([]));
  const found: string[] = [];
  for (const entry of entries.filter((one) => one.isDirectory())) {
    const path = join(folder, entry.name);
    if (entry.name.includes(containerId)) found.push(path);
    else found.push(...(await cgroupsOf(containerId, path, depth + 1)));
  }
  return found;
}

/** A process of a container is in its cgroup, or was started with its id: the shim, and gVisor's own. */
async function processesOf(containerId: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const cgroup = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(gone(''));
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(gone(''));
      return cgroup.includes(containerId) || command.includes(containerId) ? [pid] : [];
    }),
  );
  return found.flat();
}

/** For a folder or process that ended while it was looked at, or is not ours to read. */
function gone<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code ?? '')) return instead;
    throw error;
  };
}
