import Docker from 'dockerode';
import { z } from 'zod';
import type { Engine, EngineImage, EngineInfo, Usage } from '../../ports/engine.ts';
import { ownerLabel } from './container-labels.ts';
import { ask, engineFault, statusOf } from './engine-errors.ts';

const Info = z.object({
  ServerVersion: z.string(),
  KernelVersion: z.string(),
  CgroupVersion: z.string().default('1'),
  Runtimes: z.record(z.string(), z.unknown()).default({}),
  SecurityOptions: z.array(z.string()).default([]),
  NCPU: z.number(),
  MemTotal: z.number(),
  SwapLimit: z.boolean().default(false),
  PidsLimit: z.boolean().default(false),
  DockerRootDir: z.string(),
});

/** Engine API 1.41, "Get container stats"; a container that does not run has no numbers. */
const Stats = z.object({
  read: z.string(),
  pids_stats: z
    .object({ current: z.number().optional(), limit: z.number().optional() })
    .default({}),
  memory_stats: z
    .object({ usage: z.number().optional(), max_usage: z.number().optional() })
    .default({}),
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: z.number() }) }),
});

/** Engine API 1.41, "Inspect a container": what of it lies on the host's disk. */
const Places = z.object({
  GraphDriver: z
    .object({ Data: z.record(z.string(), z.string()).nullable().default(null) })
    .default({ Data: null }),
  Mounts: z.array(z.object({ Type: z.string(), Source: z.string().default('') })).default([]),
  LogPath: z.string().default(''),
  ResolvConfPath: z.string().default(''),
  HostnamePath: z.string().default(''),
  HostsPath: z.string().default(''),
});

const perMs = 1_000_000;

/** A Docker Engine, looked at. */
export class DockerEngine implements Engine {
  readonly #docker: Docker;

  constructor(options: Docker.DockerOptions) {
    this.#docker = new Docker(options);
  }

  async info(): Promise<EngineInfo> {
    const known = Info.parse(await ask('info', () => this.#docker.info()));
    const { ApiVersion } = await ask('version', () => this.#docker.version());
    return {
      version: known.ServerVersion,
      apiVersion: ApiVersion,
      kernel: known.KernelVersion,
      cgroupVersion: known.CgroupVersion,
      runtimes: Object.keys(known.Runtimes).sort(),
      securityOptions: known.SecurityOptions,
      cpus: known.NCPU,
      memoryBytes: known.MemTotal,
      limitsSwap: known.SwapLimit,
      limitsPids: known.PidsLimit,
      rootDir: known.DockerRootDir,
    };
  }

  async image(ref: string): Promise<EngineImage | undefined> {
    const found = await orGone('image', () => this.#docker.getImage(ref).inspect());
    if (found === undefined) return undefined;
    // The type says that there always are labels; the engine says null when there is none.
    const labels: Record<string, string> | null | undefined = found.Config.Labels;
    return { id: found.Id, labels: labels ?? {} };
  }

  async containersOf(ownerId: string): Promise<readonly string[]> {
    const filters = { label: [`${ownerLabel}=${ownerId}`] };
    const owned = await ask('list', () => this.#docker.listContainers({ all: true, filters }));
    return owned.map(({ Id }) => Id);
  }

  async usage(containerId: string): Promise<Usage | undefined> {
    // One look: without `one-shot` the engine waits a second for a second number.
    const once = { stream: false, 'one-shot': true } as const;
    const answer = await orGone('stats', () => this.#docker.getContainer(containerId).stats(once));
    const stats = Stats.safeParse(answer);
    if (!stats.success) return undefined;
    const { pids_stats, memory_stats, cpu_stats, read } = stats.data;
    if (pids_stats.current === undefined) return undefined;
    return {
      pids: pids_stats.current,
      // No ceiling is 0, or the largest number of 64 bits.
      mostPids: pids_stats.limit || Number.POSITIVE_INFINITY,
      memoryBytes: memory_stats.max_usage ?? memory_stats.usage ?? 0,
      cpuMs: cpu_stats.cpu_usage.total_usage / perMs,
      atMs: Date.parse(read),
    };
  }

  async placesOf(containerId: string): Promise<readonly string[]> {
    const container = this.#docker.getContainer(containerId);
    const found = Places.safeParse(await orGone('inspect', () => container.inspect()));
    if (!found.success) return [];
    const { GraphDriver, Mounts, ...files } = found.data;
    const layer = ['UpperDir', 'WorkDir', 'MergedDir'].map((name) => GraphDriver.Data?.[name]);
    const volumes = Mounts.filter(({ Type }) => Type === 'volume').map(({ Source }) => Source);
    const paths = [...layer, ...volumes, ...Object.values(files)];
    return paths.filter((path): path is string => path !== undefined && path !== '');
  }

  async writtenBytes(containerId: string): Promise<number | undefined> {
    const container = this.#docker.getContainer(containerId);
    // `size` is in the API since 1.0; @types/dockerode 4.0.2 does not know it.
    const withSize = { size: true } as object;
    const found = await orGone('inspect', () => container.inspect(withSize));
    if (found === undefined) return undefined;
    const { SizeRw } = found as { SizeRw?: number };
    return SizeRw ?? 0;
  }
}

/** Undefined for what the engine does not know, or no longer. */
async function orGone<T>(action: string, request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (cause) {
    if (statusOf(cause) === 404) return undefined;
    throw engineFault(action, cause);
  }
}
