import { TaskId } from '../../domain/ids.ts';
import type { ReapedSandbox, ReapReason, SandboxSpec } from '../../ports/sandbox.ts';

/** Every container of ours has it, and nothing without it is touched. */
export const ownerLabel = 'io.sallyport.owner';
const taskLabel = 'io.sallyport.task';
/** Epoch seconds after which any runner may remove the container, whoever its owner is. */
const expiryLabel = 'io.sallyport.expires';

/** Time beyond wait and wall clock: for a start on a busy engine, and for clocks that differ. */
const graceMs = 15 * 60_000;
/** No container is spared for longer, whatever its labels say. */
const longestLifeMs = 24 * 3_600_000;
/** A container that ended is its owner's for this long: that one reads how it ended, and removes it. */
const endedGraceMs = 10 * 60_000;
/** An owner's name has 64 characters; a label may hold anything. */
const maxOwnerLength = 64;

/** The labels of a container that is created at `nowMs`. */
export function containerLabels(spec: SandboxSpec, nowMs: number): Record<string, string> {
  const { ownerId, taskId, waitMs = 0, limits } = spec;
  const expiresAtMs = nowMs + waitMs + limits.wallClockMs + graceMs;
  return {
    [ownerLabel]: ownerId,
    [taskLabel]: taskId,
    [expiryLabel]: String(Math.ceil(expiresAtMs / 1000)),
  };
}

/** A container as the engine describes it. Labels are whatever somebody wrote there. */
export interface LabelledContainer {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
  /** When it ended, or was created and never started; null while it runs. */
  readonly idleSinceMs: number | null;
}

/**
 * May any runner remove it, and why? A label that cannot be read, or that asks for more than a day,
 * protects nothing: then the container's age by the engine's word counts.
 */
export function overdue(container: LabelledContainer, nowMs: number): ReapReason | undefined {
  const { labels, createdAtMs, idleSinceMs } = container;
  const latestMs = createdAtMs + longestLifeMs;
  if (nowMs > Math.min(expiryOf(labels[expiryLabel]) ?? latestMs, latestMs)) return 'expired';
  if (idleSinceMs !== null && nowMs > idleSinceMs + endedGraceMs) return 'ended';
  return undefined;
}

/** What is told of a container that was removed; label values are cut to what ours can be. */
export function reaped({ id, labels }: LabelledContainer, why: ReapReason): ReapedSandbox {
  const taskId = TaskId.safeParse(labels[taskLabel]);
  return {
    containerId: id,
    ownerId: (labels[ownerLabel] ?? '').slice(0, maxOwnerLength),
    taskId: taskId.success ? taskId.data : null,
    why,
  };
}

function expiryOf(label: string | undefined): number | undefined {
  return /^\d{1,12}$/.test(label ?? '') ? Number(label) * 1000 : undefined;
}
