import type { Duplex, Readable } from 'node:stream';
import type { RunningSandbox, SandboxExit, SandboxUsage, WarmStart } from '../ports/sandbox.ts';

/** A sandbox that waited, as the task has it that it was given to. */
export class AssignedSandbox implements RunningSandbox {
  readonly imageDigest: string;
  readonly wire: Duplex;
  readonly stderr: Readable;
  readonly warm: WarmStart;
  readonly #inner: RunningSandbox;

  constructor(inner: RunningSandbox, warm: WarmStart) {
    this.#inner = inner;
    this.imageDigest = inner.imageDigest;
    this.wire = inner.wire;
    this.stderr = inner.stderr;
    this.warm = warm;
  }

  usage(): SandboxUsage {
    return this.#inner.usage?.() ?? { memoryBytes: null, pids: null, cpuMs: null };
  }

  ended(): Promise<SandboxExit> {
    return this.#inner.ended();
  }

  destroy(): Promise<void> {
    return this.#inner.destroy();
  }
}
