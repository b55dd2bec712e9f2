import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Usage } from '../ports/engine.ts';

const cgroupRoot = '/sys/fs/cgroup';
/** Deeper than any cgroup driver puts a container: controller, slice, parent, scope, and what is in it. */
const maxDepth = 6;

/** Folders of this host's cgroups that are a container's; none when its engine is on another host. */
export function cgroupsOf(containerId: string): Promise<string[]> {
  return containerId === '' ? Promise.resolve([]) : below(containerId, cgroupRoot, 0);
}

async function below(containerId: string, folder: string, depth: number): Promise<string[]> {
  if (depth > maxDepth) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(gone([]));
  const found: string[] = [];
  for (const entry of entries.filter((one) => one.isDirectory())) {
    const path = join(folder, entry.name);
    if (entry.name.includes(containerId)) found.push(path);
    else found.push(...(await below(containerId, path, depth + 1)));
  }
  return found;
}

/** Names of cgroup v1 and v2 for one number (Documentation/admin-guide/cgroup-v1, cgroup-v2). */
const files = {
  pids: ['pids.current'],
  mostPids: ['pids.max'],
  memoryBytes: ['memory.max_usage_in_bytes', 'memory.peak', 'memory.current'],
  cpuNs: ['cpuacct.usage'],
  cpuUs: ['cpu.stat'],
};

/**
 * The kernel's own counters of a container, from its cgroups: they are there however busy the engine is.
 * Undefined when they are not on this host, or the container is gone.
 */
export async function cgroupUsage(
  folders: readonly string[],
  atMs: number,
): Promise<Usage | undefined> {
  const read = (names: readonly string[]) => firstOf(folders, names);
  const [pids, most] = [await read(files.pids), await read(files.mostPids)];
  const [memory, ns, us] = [
    await read(files.memoryBytes),
    await read(files.cpuNs),
    await read(files.cpuUs),
  ];
  const cpuMs =
    ns === undefined ? Number(/usage_usec (\d+)/.exec(us ?? '')?.[1]) / 1e3 : Number(ns) / 1e6;
  const usage = { pids: Number(pids), memoryBytes: Number(memory), cpuMs, atMs };
  if (most === undefined || !Object.values(usage).every(Number.isFinite)) return undefined;
  const ceiling = Number(most);
  return { ...usage, mostPids: Number.isNaN(ceiling) ? Number.POSITIVE_INFINITY : ceiling };
}

async function firstOf(
  folders: readonly string[],
  names: readonly string[],
): Promise<string | undefined> {
  for (const name of names)
    for (const folder of folders) {
      const text = await readFile(join(folder, name), 'utf8').catch(gone(undefined));
      if (text !== undefined) return text.trim();
    }
  return undefined;
}

/** For a folder or process that ended while it was looked at, or is not ours to read. */
export function gone<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (['ENOENT', 'ENODEV', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code ?? '')) return instead;
    throw error;
  };
}
