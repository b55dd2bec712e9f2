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

/** What waits by itself: a runtime class with an image, by its name. */
export type Kind = Pick<Shape, 'runtime' | 'image'>;

/** A kind as one word. */
export function nameOf({ runtime, image }: Kind): string {
  return `${runtime} ${image}`;
}

/** Are both of one kind? */
export function isSameKind(one: Kind, other: Kind): boolean {
  return nameOf(one) === nameOf(other);
}

/** Can one that was started for `had` be made into `wanted`? What the image's name leads to is not looked at. */
export function fits(had: Shape, wanted: Shape): boolean {
  if (had.ownerId !== wanted.ownerId || !isSameKind(had, wanted)) return false;
  const same = isAdjustable(had.runtime) ? fixed : [...fixed, ...ofCgroup];
  return same.every((name) => had.limits[name] === wanted.limits[name]);
}
