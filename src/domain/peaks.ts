import { z } from 'zod';

const most = z.int().nonnegative().nullable();

/**
 * The most that one run used at once, or in all. Null: not measured, as the runtime tells nobody.
 * Bytes of a tmpfs count as memory too.
 */
export const Peaks = z.strictObject({
  /** By the container's cgroup, the supervisor's share included. */
  memoryBytes: most,
  /** Processes and threads alive at once. */
  pids: most,
  /** Processor time in all, ms. */
  cpuMs: most,
  workspaceBytes: most,
  /** Null under gVisor, whose tmpfs does not count them. */
  workspaceInodes: most,
  /** `/tmp` and the agent's home together. */
  tmpBytes: most,
  tmpInodes: most,
  /** What the agent printed. */
  outputBytes: most,
  /** Manifest and files of the result. */
  resultBytes: most,
  /** Everything that came out over the wire. */
  wireBytes: most,
});
export type Peaks = z.infer<typeof Peaks>;

/** Nothing measured. */
export const noPeaks: Peaks = {
  memoryBytes: null,
  pids: null,
  cpuMs: null,
  workspaceBytes: null,
  workspaceInodes: null,
  tmpBytes: null,
  tmpInodes: null,
  outputBytes: null,
  resultBytes: null,
  wireBytes: null,
};

/** The larger of each; what only one of them knows is what that one says. */
export function largerOf(a: Peaks, b: Partial<Peaks>): Peaks {
  const pairs = Object.entries(a).map(([name, value]) => [name, larger(value, b[name as never])]);
  return Peaks.parse(Object.fromEntries(pairs));
}

function larger(a: number | null, b: number | null | undefined): number | null {
  if (a === null) return b ?? null;
  return Math.max(a, b ?? 0);
}
