import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../ports/engine.ts';
import type { FindTraces, Remains } from './bench.ts';
import { cgroupsOf, gone } from './cgroups.ts';

/** Where engines and runtimes keep their state, and everybody temporary files. */
const stateFolders = [
  { folder: '/run', depth: 5 },
  { folder: tmpdir(), depth: 1 },
];
/** The engine and the kernel clear away behind a removal; measured below 100 ms. */
const looks = 20;
const pauseMs = 100;

/** What is there to look for afterwards: asked of the engine while the container lives. */
export async function remainsOf(engine: Engine, ownerId: string): Promise<Remains> {
  const [containerId = ''] = await engine.containersOf(ownerId);
  // Nothing with our label: the engine has no container without an id to tell of.
  const places = containerId === '' ? [] : await engine.placesOf(containerId);
  return { ownerId, containerId, places };
}

/**
 * Looks for what a removed container left: in the engine, and on this host its mounts, cgroups, processes,
 * its layer, volumes and files. An engine on another machine has only its own word to give.
 */
export function tracesOn(engine: Engine, pause: (ms: number) => Promise<void>): FindTraces {
  return async ({ ownerId, containerId, places }) => {
    let found: readonly string[] = [];
    for (let look = 0; look < looks; look += 1) {
      if (look > 0) await pause(pauseMs);
      found = [
        ...(await engine.containersOf(ownerId)).map((id) => `container ${id.slice(0, 12)}`),
        ...(await onHost(containerId, places)),
      ];
      if (found.length === 0) break;
    }
    return found;
  };
}

async function onHost(containerId: string, places: readonly string[]): Promise<readonly string[]> {
  if (containerId === '') return ['the engine had no container to look for'];
  const name = containerId.slice(0, 12);
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  const named = (
    await Promise.all(
      stateFolders.map(({ folder, depth }) => filesNamed(containerId, folder, depth)),
    )
  ).flat();
  return [
    ...(mounts.includes(containerId) ? [`mount of ${name}`] : []),
    ...places.filter((path) => existsSync(path)).map((path) => `disk ${path}`),
    ...named.map((path) => `file ${path}`),
    ...(await cgroupsOf(containerId)).map((path) => `cgroup ${path}`),
    ...(await processesOf(containerId)).map((pid) => `process ${pid}`),
  ];
}

/** Files that a runtime or we named after the container, such as sockets, pipes and state of gVisor's. */
async function filesNamed(containerId: string, folder: string, depth: number): Promise<string[]> {
  if (depth < 0) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(gone([]));
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.includes(containerId)) found.push(path);
    else if (entry.isDirectory()) found.push(...(await filesNamed(containerId, path, depth - 1)));
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
