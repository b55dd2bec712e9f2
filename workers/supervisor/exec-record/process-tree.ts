import type { ExecEntry } from '../../../src/protocol/exec-record.ts';
import type { CallResult, TraceLine } from './trace-line.ts';

type Line<K extends TraceLine['kind']> = Extract<TraceLine, { kind: K }>;
type Pending = Line<'exec'> | Line<'fork'>;

/** A thread or process that is alive, or dead and not yet accounted for. */
type Known = {
  /** The process that a thread is part of; its own pid for a process. */
  readonly process: number;
  readonly isThread: boolean;
  readonly parent: number | null;
};

type Waiting = { readonly sinceMs: number; readonly lines: TraceLine[] };

/** How long a new process is kept back for word of its parent, in ms of the trace's own clock. */
const orphanMs = 1_000;

/**
 * Turns lines of a trace into the record of processes. Lines come as strace handles its stops: a child
 * may run, and end, before its parent's call has returned. It is kept back until that says whose child it
 * is, and whether it is a process or a thread.
 */
export class ProcessTree {
  readonly #tell: (entry: ExecEntry) => void;
  readonly #known = new Map<number, Known>();
  readonly #pending = new Map<number, Pending>();
  readonly #waiting = new Map<number, Waiting>();
  /** Processes that have not executed anything: told when it is clear that they do not at once. */
  readonly #silent = new Map<number, ExecEntry>();
  /** Those that were silent when it was last asked. */
  #fresh: readonly ExecEntry[] = [];
  #root: number | undefined;
  processes = 0;
  execs = 0;
  /** Most processes and threads that were alive at once. */
  peakTasks = 0;
  aliveTasks = 0;

  constructor(tell: (entry: ExecEntry) => void) {
    this.#tell = tell;
  }

  /** The agent's own process; undefined before its first line. */
  get root(): number | undefined {
    return this.#root;
  }

  take(line: TraceLine): void {
    if (this.#root === undefined) this.#begin(line.pid);
    if (this.#known.has(line.pid)) this.#handle(line);
    else this.#keepBack(line);
    this.#releaseOrphans(line.atMs);
  }

  /** Tells of processes that have not executed anything since they were seen at the last call. */
  tellSilent(): void {
    for (const entry of this.#fresh) if (this.#silent.get(entry.pid) === entry) this.#speak(entry);
    this.#fresh = [...this.#silent.values()];
  }

  #speak(entry: ExecEntry): void {
    this.#silent.delete(entry.pid);
    this.#tell(entry);
  }

  /** Tells what is left when no line will follow. */
  end(): void {
    this.#releaseOrphans(Number.POSITIVE_INFINITY);
    for (const entry of this.#silent.values()) this.#speak(entry);
  }

  #begin(pid: number): void {
    this.#root = pid;
    this.processes = 1;
    this.#add(pid, { process: pid, isThread: false, parent: null });
  }

  #handle(line: TraceLine): void {
    switch (line.kind) {
      case 'exec':
      case 'fork':
        if (line.result === 'unfinished') this.#pending.set(line.pid, line);
        this.#returned(line, line.result);
        break;
      case 'resumed': {
        const call = this.#pending.get(line.pid);
        this.#pending.delete(line.pid);
        if (call !== undefined) this.#returned(call, line.result);
        break;
      }
      case 'superseded':
        this.#forget(line.by);
        break;
      case 'exit':
        this.#exited(line);
    }
  }

  #returned(call: Pending, result: CallResult): void {
    if (call.kind === 'fork') {
      if (typeof result === 'number' && result > 0) this.#born(call, result);
      return;
    }
    if (call.becomes !== null) this.#pending.delete(call.pid);
    // `unknown`: it ended while it became another program. Better told once too often.
    if (call.becomes !== null || result === 0 || result === 'unknown') this.#executed(call);
  }

  #born(call: Line<'fork'>, pid: number): void {
    // A number that is used again while its last bearer was never seen to end.
    if (this.#known.has(pid)) this.#forget(pid);
    const creator = this.#known.get(call.pid)?.process ?? call.pid;
    if (call.isThread) this.#add(pid, { process: creator, isThread: true, parent: null });
    else this.#process({ kind: 'fork', pid, parent: creator, atMs: call.atMs });
    const waiting = this.#waiting.get(pid);
    this.#waiting.delete(pid);
    for (const line of waiting?.lines ?? []) this.#replay(line);
  }

  #process(entry: Extract<ExecEntry, { kind: 'fork' }>): void {
    this.processes += 1;
    this.#silent.set(entry.pid, entry);
    this.#add(entry.pid, { process: entry.pid, isThread: false, parent: entry.parent });
  }

  #executed({ pid, becomes, atMs, path, argv, isCut }: Line<'exec'>): void {
    const process = becomes ?? this.#known.get(pid)?.process ?? pid;
    const parent = this.#known.get(process)?.parent ?? null;
    this.#silent.delete(process);
    this.execs += 1;
    this.#tell({
      kind: 'exec',
      pid: process,
      parent,
      atMs,
      path,
      argv: [...argv],
      truncated: isCut,
    });
  }

  #exited({ pid, atMs, code, signal }: Line<'exit'>): void {
    const known = this.#known.get(pid);
    const silent = this.#silent.get(pid);
    this.#forget(pid);
    if (known?.isThread !== false) return;
    if (silent !== undefined) this.#tell(silent);
    this.#tell({ kind: 'exit', pid, atMs, code, signal });
  }

  #keepBack(line: TraceLine): void {
    const waiting = this.#waiting.get(line.pid) ?? { sinceMs: line.atMs, lines: [] };
    waiting.lines.push(line);
    this.#waiting.set(line.pid, waiting);
  }

  #releaseOrphans(nowMs: number): void {
    for (const [pid, { sinceMs, lines }] of this.#waiting) {
      // In order of time: the first that is too young ends the search.
      if (nowMs - sinceMs < orphanMs) return;
      this.#waiting.delete(pid);
      this.#process({ kind: 'fork', pid, parent: null, atMs: sinceMs });
      for (const line of lines) this.#replay(line);
    }
  }

  #replay(line: TraceLine): void {
    if (this.#known.has(line.pid)) this.#handle(line);
  }

  #add(pid: number, known: Known): void {
    this.#known.set(pid, known);
    this.aliveTasks += 1;
    this.peakTasks = Math.max(this.peakTasks, this.aliveTasks);
  }

  #forget(pid: number): void {
    if (this.#known.delete(pid)) this.aliveTasks -= 1;
    this.#pending.delete(pid);
    this.#silent.delete(pid);
  }
}
