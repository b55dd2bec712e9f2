import type { Limits } from '../domain/limits.ts';
import type { RunningSandbox, SandboxSpec } from './sandbox.ts';

/** A sandbox that has started ahead of its task. It knows nothing of one until its input goes over its wire. */
export interface BlankSandbox {
  /** Digest of the image that really runs. */
  readonly imageDigest: string;
  /** Does it still run, with its wire open? One that does not is good for nothing but `destroy`. */
  isAlive(): boolean;
  /**
   * Holds it to the ceilings of a task from now on: memory, processors, processes. What is fixed at the start
   * (folders, open files) stays as it is. Resolves when the kernel has them; the sandbox is a task's then.
   * @throws SallyportError `engine.*` when that is not so: what it is held to is not known then
   */
  assign(limits: Limits): Promise<RunningSandbox>;
  /** Resolves when it has ended, or when nobody knows any more. Never rejects. */
  ended(): Promise<void>;
  /** Kills everything in it and removes it. Safe to call at any time and more than once. */
  destroy(): Promise<void>;
}

/**
 * Starts sandboxes that wait for their input.
 * @throws SallyportError as `Sandbox`
 */
export interface BlankSandboxes {
  /** Starts one under `spec.limits`. Resolves when it has asked for its input. */
  startBlank(spec: SandboxSpec): Promise<BlankSandbox>;
  /** Id of the image that `ref` names at this moment. */
  imageId(ref: string): Promise<string>;
}
