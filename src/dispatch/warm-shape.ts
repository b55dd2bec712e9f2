import type { Limits } from '../domain/limits.ts';
import type { RuntimeClass, SandboxSpec } from '../ports/sandbox.ts';

/** What a sandbox has to be for a task, besides being the task's. */
export type Shape = Omit<SandboxSpec, 'taskId'>;

/** What is fixed when a sandbox starts: sizes of its folders, and ulimits. */
const fixed = [
  'openFiles',
  'workspaceBytes',
  'workspaceInodes',
  'tmpBytes',
] as const satisfies readonly (keyof Limits)[];
/** What a cgroup holds. The rest of `Limits` is kept by the control plane and the supervisor. */
const ofCgroup = ['memoryBytes', 'cpus', 'pids'] as const satisfies readonly (keyof Limits)[];

/** gVisor (20221219) has no `runsc update`: there a ceiling is what it was at the start. */
function isAdjustable(runtime: RuntimeClass): boolean {
  return runtime === 'runc';
}

/** Can one that was started for `had` be made into `wanted`? The image is not looked at: its name can move. */
export function fits(had: Shape, wanted: Shape): boolean {
  if (had.ownerId !== wanted.ownerId || had.runtime !== wanted.runtime) return false;
  const same = isAdjustable(had.runtime) ? fixed : [...fixed, ...ofCgroup];
  return same.every((name) => had.limits[name] === wanted.limits[name]);
}
