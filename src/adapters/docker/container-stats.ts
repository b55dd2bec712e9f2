import type { Readable } from 'node:stream';
import type { Container, ContainerStats } from 'dockerode';
import type { SandboxUsage } from '../../ports/sandbox.ts';

/** One statistic has a few kB; a line without an end is not collected. */
const maxLineLength = 256 * 1024;

/** Of a container that nobody has looked at. */
export const nothingKnown: SandboxUsage = { memoryBytes: null, pids: null, cpuMs: null };

/**
 * What the engine counts of a container, as its stream of statistics says it about once a second. An engine
 * that does not tell is no reason to stop a task: what is unknown is null.
 */
export class StatsWatch {
  #usage: SandboxUsage = nothingKnown;
  #stream: Readable | undefined;
  #isStopped = false;
  #partial = '';

  constructor(container: Pick<Container, 'stats'>) {
    void this.#watch(container).catch(() => undefined);
  }

  get usage(): SandboxUsage {
    return this.#usage;
  }

  stop(): void {
    this.#isStopped = true;
    this.#stream?.destroy();
  }

  async #watch(container: Pick<Container, 'stats'>): Promise<void> {
    this.#stream = (await container.stats({ stream: true })) as unknown as Readable;
    this.#stream.on('error', () => undefined);
    this.#stream.on('data', (chunk: Buffer) => this.#take(chunk.toString('utf8')));
    if (this.#isStopped) this.#stream.destroy();
  }

  #take(text: string): void {
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop() ?? '';
    if (this.#partial.length > maxLineLength) this.stop();
    for (const line of lines) if (line !== '') this.#usage = largerUsage(this.#usage, line);
  }
}

/** The larger of what is known and what one line of statistics says. */
export function largerUsage(known: SandboxUsage, line: string): SandboxUsage {
  const said = parsed(line);
  const { memory_stats: memory, pids_stats: pids, cpu_stats: cpu } = said ?? {};
  const cpuNs = cpu?.cpu_usage?.total_usage;
  return {
    // `max_usage` is the peak itself; cgroup v2 has none, there it is the most of what was seen.
    memoryBytes: larger(known.memoryBytes, memory?.max_usage ?? memory?.usage),
    pids: larger(known.pids, pids?.current),
    cpuMs: larger(known.cpuMs, cpuNs === undefined ? undefined : Math.round(cpuNs / 1e6)),
  };
}

type Said = {
  readonly [K in 'memory_stats' | 'pids_stats' | 'cpu_stats']?: Partial<ContainerStats[K]>;
};

function parsed(line: string): Said | undefined {
  try {
    return JSON.parse(line) as Said;
  } catch {
    return undefined;
  }
}

function larger(known: number | null, said: unknown): number | null {
  if (typeof said !== 'number' || !Number.isFinite(said) || said <= 0) return known;
  return Math.max(known ?? 0, Math.round(said));
}
