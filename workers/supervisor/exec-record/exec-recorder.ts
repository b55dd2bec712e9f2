import type { SandboxEvent } from '../../../src/protocol/event.ts';
import { ExecBatches } from './exec-batches.ts';
import { ProcessTree } from './process-tree.ts';
import { traceLine } from './trace-line.ts';

/** How often what has been gathered is sent, ms. */
const flushEveryMs = 250;

/** How the agent's own process ended. */
export type RootExit = { readonly exitCode: number | null; readonly signal: string | null };

/** The record of one run: from lines of strace to events for the control plane. */
export class ExecRecorder {
  readonly #send: (event: SandboxEvent) => void;
  readonly #batches: ExecBatches;
  readonly #tree: ProcessTree;
  readonly #root = Promise.withResolvers<RootExit | undefined>();
  readonly #flush: NodeJS.Timeout;

  constructor(send: (event: SandboxEvent) => void) {
    this.#send = send;
    this.#batches = new ExecBatches(send);
    this.#tree = new ProcessTree((entry) => this.#batches.add(entry));
    this.#flush = setInterval(() => {
      this.#tree.tellSilent();
      this.#batches.flush();
    }, flushEveryMs);
  }

  /** Resolves when the agent's own process has ended; undefined when the record ended before it did. */
  get rootExit(): Promise<RootExit | undefined> {
    return this.#root.promise;
  }

  /** The agent's own process; undefined before it has started. */
  get rootPid(): number | undefined {
    return this.#tree.root;
  }

  /** Processes and threads of the agent: alive now, and the most at once. */
  get tasks(): { readonly alive: number; readonly peak: number } {
    return { alive: this.#tree.aliveTasks, peak: this.#tree.peakTasks };
  }

  take(bytes: Buffer): void {
    const line = traceLine(bytes);
    if (line === undefined) return;
    this.#tree.take(line);
    if (line.kind === 'exit' && line.pid === this.#tree.root)
      this.#root.resolve({ exitCode: line.code, signal: line.signal });
  }

  /** Sends the rest and says that it is the rest; only after every process has ended. */
  end(): void {
    this.lost();
    this.#tree.end();
    this.#batches.flush();
    const { execs, processes } = this.#tree;
    this.#send({ type: 'exec-end', execs, processes, dropped: this.#batches.dropped });
  }

  /** No line will follow. */
  lost(): void {
    clearInterval(this.#flush);
    this.#root.resolve(undefined);
  }
}
