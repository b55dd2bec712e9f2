import type { Clock } from '../ports/clock.ts';
import type { Engine, Usage } from '../ports/engine.ts';
import { cgroupsOf, cgroupUsage } from './cgroups.ts';

/** The most that a container used, by the host's count. */
export interface Peak {
  /** Looks that the engine answered; none means that nothing is known. */
  readonly looks: number;
  readonly pids: number;
  /** Its ceiling, by the kernel's word. */
  readonly mostPids: number;
  readonly memoryBytes: number;
  /** Processors at work on average between the first look and the last. */
  readonly cpus: number;
  /** Bytes in the container's own layer on the host's disk, at the end. */
  readonly writtenBytes: number;
}

const everyMs = 120;
/** Shorter, and the average says more of the looks than of the sandbox. */
const leastSpanMs = 500;

/** Looks at a container again and again until `signal` aborts; the engine being slow delays nobody. */
export async function watchUsage(
  { engine, clock }: { readonly engine: Engine; readonly clock: Clock },
  containerId: string,
  signal: AbortSignal,
): Promise<Peak> {
  const seen: Usage[] = [];
  // The kernel's files first: an engine under load may not answer before the sandbox is over.
  const folders = await cgroupsOf(containerId);
  while (!signal.aborted) {
    const usage = (await cgroupUsage(folders, clock.nowMs())) ?? (await engine.usage(containerId));
    if (usage !== undefined) seen.push(usage);
    await clock.after(everyMs, signal);
  }
  const writtenBytes = (await engine.writtenBytes(containerId)) ?? 0;
  return { ...peakOf(seen), writtenBytes };
}

/** Pure part of `watchUsage`. */
export function peakOf(seen: readonly Usage[]): Omit<Peak, 'writtenBytes'> {
  const [first, last] = [seen[0], seen.at(-1)];
  const spanMs = first && last ? last.atMs - first.atMs : 0;
  const usedMs = first && last ? last.cpuMs - first.cpuMs : 0;
  return {
    looks: seen.length,
    pids: Math.max(0, ...seen.map(({ pids }) => pids)),
    mostPids: Math.max(0, ...seen.map(({ mostPids }) => mostPids)),
    memoryBytes: Math.max(0, ...seen.map(({ memoryBytes }) => memoryBytes)),
    cpus: spanMs < leastSpanMs ? 0 : usedMs / spanMs,
  };
}
