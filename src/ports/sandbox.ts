import type { Duplex, Readable } from 'node:stream';
import type { TaskId } from '../domain/ids.ts';
import type { Limits } from '../domain/limits.ts';

/** Container runtimes that a policy may ask for: `runc`, or gVisor's `runsc`. */
export type RuntimeClass = 'runc' | 'runsc';

/** What to start. There is deliberately nothing here to mount, to publish or to put in the environment. */
export interface SandboxSpec {
  readonly taskId: TaskId;
  /** Who owns the container: `removeOwned` finds it again by this after a crash. */
  readonly ownerId: string;
  readonly image: string;
  readonly runtime: RuntimeClass;
  readonly limits: Limits;
  /** How long it may wait for its input before its wall clock begins, ms; 0 unless told. */
  readonly waitMs?: number;
}

/**
 * Why a container was removed: nobody in its owner's process wants it, its time is over, or it ended and its
 * owner never came for it.
 */
export type ReapReason = 'unwanted' | 'expired' | 'ended';

/** A container that a sweep removed. `ownerId` is what its label said, cut to 64 characters. */
export interface ReapedSandbox {
  readonly containerId: string;
  readonly ownerId: string;
  /** Null when its label names no task. */
  readonly taskId: TaskId | null;
  readonly why: ReapReason;
}

/** How a sandbox ended. `oomKilled` comes from the engine, not from the sandbox's word. */
export interface SandboxExit {
  readonly exitCode: number;
  readonly oomKilled: boolean;
}

/** What the engine has measured of a sandbox so far; null where it tells nothing. */
export interface SandboxUsage {
  readonly memoryBytes: number | null;
  /** Processes and threads as the host counts them, sampled: under gVisor its own and the guest's. */
  readonly pids: number | null;
  readonly cpuMs: number | null;
}

/** Of a sandbox that had been started before its task came. */
export interface WarmStart {
  /** The id that its container is labelled with; a label cannot be changed. */
  readonly labelledAs: TaskId;
  /** How long it had been waiting. */
  readonly waitedMs: number;
}

/** One running single-use container. */
export interface RunningSandbox {
  /** Absent when it was started for its task. */
  readonly warm?: WarmStart;
  /** Digest of the image that really runs. */
  readonly imageDigest: string;
  /** The only wire: the container's stdin and stdout. */
  readonly wire: Duplex;
  /** The container's stderr: hostile bytes, for the log. Must be drained. */
  readonly stderr: Readable;
  /** The most of each so far, seen from outside. Absent where nobody looks. */
  usage?(): SandboxUsage;
  /** Resolves when the container has ended, however it did. */
  ended(): Promise<SandboxExit>;
  /** Kills everything in it and removes it. Safe to call at any time and more than once. */
  destroy(): Promise<void>;
}

/**
 * Starts and destroys sandboxes.
 * @throws SallyportError `engine.unavailable`, `engine.missing-image`, `engine.missing-runtime`, `engine.failed`
 */
export interface Sandbox {
  start(spec: SandboxSpec): Promise<RunningSandbox>;
  /**
   * Removes every container of `ownerId` but those that this object has started and not been told to destroy:
   * what a former life of the owner left, and what could not be destroyed. Returns what it removed.
   */
  removeOwned(ownerId: string): Promise<readonly ReapedSandbox[]>;
  /**
   * Removes containers of any owner whose time is over, by at least 15 minutes, and those that ended at least
   * 10 minutes ago. Spares what this object has started and not been told to destroy, and whatever is not ours.
   */
  removeExpired(): Promise<readonly ReapedSandbox[]>;
  /** Resolves when the engine answers; rejects when it does not. */
  ping(): Promise<void>;
}
