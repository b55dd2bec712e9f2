import type { Duplex } from 'node:stream';
import type { LimitReason, Limits } from '../domain/limits.ts';
import { largerOf, noPeaks, type Peaks } from '../domain/peaks.ts';
import type { RunningSandbox } from '../ports/sandbox.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import type { SandboxResult } from '../wire/receive-result.ts';

type Usage = Extract<SandboxEvent, { type: 'usage' }>;

/** What is learnt of one run beside its result: how complete its record is, and what it used. */
export class RunWatch {
  /** Has the sandbox told of every process? What it did unseen is not taken. */
  isRecorded = false;
  isRecordRefused = false;
  /** The ceiling at which the supervisor ended the agent. */
  limit: LimitReason | undefined;
  #usage: Usage | undefined;
  #peaks: Peaks = noPeaks;
  #wireBytes = 0;
  #isOutOfMemory = false;
  #wasAskedToEnd = false;
  readonly #limits: Pick<Limits, 'memoryBytes'>;

  constructor(wire: Duplex, limits: Pick<Limits, 'memoryBytes'>) {
    this.#limits = limits;
    wire.on('data', (chunk: Buffer) => {
      this.#wireBytes += chunk.length;
    });
  }

  see(event: SandboxEvent): void {
    if (event.type === 'exec-end') this.isRecorded = true;
    if (event.type === 'no-exec-record') this.isRecordRefused = true;
    if (event.type === 'limit') this.#reach(event.limit);
    if (event.type !== 'usage') return;
    this.#usage = event;
    this.#peaks = largerOf(this.#peaks, event.peaks);
  }

  /** A ceiling of models is no fault: the agent was asked to end, and what it left is taken. */
  #reach(limit: Extract<SandboxEvent, { type: 'limit' }>['limit']): void {
    if (limit === 'limit:output' || limit === 'limit:pids') this.limit = limit;
    else this.#wasAskedToEnd = true;
  }

  /** Memory ran out. */
  outOfMemory(): LimitReason {
    this.#isOutOfMemory = true;
    return 'limit:memory';
  }

  /**
   * What the engine saw and what the supervisor saw, the larger of each. The engine counts once a second: of
   * memory that ran out in between, the most was all that the kernel gives.
   */
  peaks(running: RunningSandbox, result?: SandboxResult): Peaks {
    const { memoryBytes = null, cpuMs = null } = running.usage?.() ?? {};
    return {
      ...largerOf(largerOf(this.#peaks, { memoryBytes, cpuMs }), this.#reached()),
      resultBytes: result?.bytes ?? null,
      wireBytes: this.#wireBytes,
    };
  }

  /**
   * The ceiling at which the agent failed; undefined when it did not fail, or not for that. What the
   * engine says of memory is asked for only then: it is known when the container has ended.
   */
  async limitBehind(
    { manifest }: SandboxResult,
    running: RunningSandbox,
  ): Promise<LimitReason | undefined> {
    if (this.limit !== undefined) return this.limit;
    const { agent, report } = manifest;
    const hasFailed = agent.exitCode !== 0 || report === null;
    if (!hasFailed || agent.timedOut || this.#wasAskedToEnd) return undefined;
    if ((this.#usage?.oomKills ?? 0) > 0) return this.outOfMemory();
    await running.destroy();
    if ((await running.ended()).oomKilled) return this.outOfMemory();
    if ((this.#usage?.pidsRefused ?? 0) > 0) return 'limit:pids';
    return this.#usage?.diskFull ? 'limit:disk' : undefined;
  }

  #reached(): Partial<Peaks> {
    const { memoryBytes } = this.#limits;
    return this.#isOutOfMemory ? { memoryBytes } : {};
  }
}
