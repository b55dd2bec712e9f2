import { readFileSync } from 'node:fs';
import Docker from 'dockerode';
import { testEngine } from '../engine.ts';
import { searchMemory, searchProcFile, Tally } from './key-search.ts';

/** What the host's root reads of the processes of a container. */
export interface HostSearch {
  /** Names of the processes, by the kernel. */
  readonly names: readonly string[];
  readonly memory: Tally;
  readonly environment: Tally;
}

/**
 * Searches all memory of all processes of the one container with this owner.
 * @throws Error when there is not one container, or its processes are not this machine's
 */
export async function searchContainer(ownerId: string): Promise<HostSearch> {
  const docker = new Docker({ socketPath: testEngine().socketPath });
  const filters = { label: [`io.sallyport.owner=${ownerId}`] };
  const [container, ...others] = await docker.listContainers({ filters });
  if (container === undefined || others.length > 0)
    throw new Error(`not one container of ${ownerId}`);
  const { Processes } = (await docker.getContainer(container.Id).top({ ps_args: '-eo pid' })) as {
    readonly Processes: readonly (readonly string[])[];
  };
  const pids = Processes.map(([pid]) => Number(pid));
  const search = { memory: new Tally(), environment: new Tally() };
  const names = pids.map((pid) => {
    if (!readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(container.Id))
      throw new Error(`process ${pid} of this machine is not of the container`);
    searchMemory(pid, search.memory);
    searchProcFile(`/proc/${pid}/environ`, search.environment);
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  });
  return { names, ...search };
}
