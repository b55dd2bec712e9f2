import type { TaskId } from '../domain/ids.ts';
import type { Limits } from '../domain/limits.ts';
import type { Peaks } from '../domain/peaks.ts';
import { hasCode } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunningSandbox, RuntimeClass, Sandbox, WarmStart } from '../ports/sandbox.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import type { ModelBudget } from '../protocol/model-budget.ts';
import { LimitError } from '../wire/limit-error.ts';
import type { SandboxResult } from '../wire/receive-result.ts';
import { serveWire } from '../wire/serve-wire.ts';
import type { WireTask } from '../wire/wire-task.ts';
import type { RunBroker } from './open-broker.ts';
import { RunWatch } from './run-watch.ts';

/** One run: what to start and what to give it. */
export interface SandboxRun {
  readonly taskId: TaskId;
  readonly ownerId: string;
  readonly image: string;
  readonly runtime: RuntimeClass;
  readonly limits: Limits;
  readonly bundle: WireTask['bundle'];
  /** Planted in the agent's environment. */
  readonly canary?: string | undefined;
  /** What the agent gives for a key where it asks a model; absent: it has no model. */
  readonly modelKey?: string | undefined;
  /** What the task may use of models from here on; absent: the agent is told of none. */
  readonly budget?: ModelBudget | undefined;
  /** The way out; closed when this run ends. Absent: the wire answers every request with 403. */
  readonly broker?: RunBroker | undefined;
  /** The sandbox waits for its promise; a rejection ends the run with that error. */
  readonly onEvent: (event: SandboxEvent) => void | Promise<void>;
  /** Told once which sandbox the run has; its result is not taken unless this resolves. */
  readonly onAssigned?: ((assigned: Assigned) => void | Promise<void>) | undefined;
  /** Told once what the run used, however it ends, when its container is gone. */
  readonly onPeaks?: ((peaks: Peaks) => void | Promise<void>) | undefined;
  /** Aborts when the task is not wanted any more. */
  readonly signal: AbortSignal;
}

/** The sandbox that a run has, and whether it had been waiting for one. */
export interface Assigned {
  readonly imageDigest: string;
  readonly warm: WarmStart | null;
}

/** How a run ended: with a result, or with the reason by name. */
export type SandboxVerdict =
  | {
      readonly status: 'result';
      readonly result: SandboxResult;
      readonly imageDigest: string;
      readonly runMs: number;
      readonly peaks: Peaks;
    }
  | { readonly status: 'failed' | 'timed-out' | 'cancelled'; readonly reason: string };

/**
 * Runs one single-use sandbox from start to removal. Whatever happens inside, it ends within the wall
 * clock and its container is gone when this resolves.
 * @throws SallyportError `engine.*` when the engine, not the sandbox, is at fault
 */
export async function runSandbox(
  ports: { readonly sandbox: Sandbox; readonly clock: Clock },
  run: SandboxRun,
): Promise<SandboxVerdict> {
  if (run.signal.aborted) return { status: 'cancelled', reason: 'task:not-wanted' };
  const startedAtMs = ports.clock.nowMs();
  const { taskId, ownerId, image, runtime, limits } = run;
  const running = await ports.sandbox.start({ taskId, ownerId, image, runtime, limits });
  const wall = new AbortController();
  const done = new AbortController();
  void ports.clock.after(limits.wallClockMs, done.signal).then(() => wall.abort());
  running.stderr.resume();
  const watch = new RunWatch(running.wire, limits);
  // Beside the run: what is recorded late delays nobody, and what is not recorded counts for nothing.
  const told = tell(run, running);
  told.catch(() => undefined);
  let result: SandboxResult | undefined;
  try {
    const { broker } = run;
    const ends = [run.signal, wall.signal, ...(broker === undefined ? [] : [broker.ended])];
    result = await serveWire(running.wire, {
      bundle: run.bundle,
      canary: run.canary,
      modelKey: run.modelKey,
      budget: run.budget,
      limits,
      onEvent: (event) => {
        watch.see(event);
        return run.onEvent(event);
      },
      ...(broker === undefined ? {} : { onEgress: broker.onEgress }),
      signal: AbortSignal.any(ends),
    });
    await broker?.close();
    // What is told last may be what reaches a ceiling: a model's answer is charged at its end.
    broker?.ended.throwIfAborted();
    const runMs = ports.clock.nowMs() - startedAtMs;
    if (!watch.isRecorded) return { status: 'failed', reason: noRecord };
    const limit = await watch.limitBehind(result, running);
    if (limit !== undefined) return { status: 'failed', reason: limit };
    // Gone before it is told what it used: whatever the engine counts has been counted.
    await running.destroy();
    const peaks = watch.peaks(running, result);
    return { status: 'result', result, imageDigest: running.imageDigest, runMs, peaks };
  } catch (error) {
    if (run.signal.aborted) return { status: 'cancelled', reason: 'task:not-wanted' };
    if (wall.signal.aborted) return { status: 'timed-out', reason: 'limit:wall-clock' };
    const reached = run.broker?.limit();
    if (reached !== undefined) return { status: 'failed', reason: reached };
    return { status: 'failed', reason: await reasonOf(error, running, watch) };
  } finally {
    done.abort();
    try {
      await running.destroy();
    } finally {
      // Also when the engine is gone: the sweep removes the container then. However the run ended, a decision
      // that could not be recorded is its fault.
      await Promise.all([told, run.broker?.close(), run.onPeaks?.(watch.peaks(running, result))]);
    }
  }
}

async function tell({ onAssigned }: SandboxRun, running: RunningSandbox): Promise<void> {
  const { imageDigest, warm } = running;
  await onAssigned?.({ imageDigest, warm: warm ?? null });
}

const noRecord = 'sandbox:no-exec-record';

/** Names the cause: an out-of-memory kill shows on the wire only as a broken connection. */
async function reasonOf(error: unknown, running: RunningSandbox, watch: RunWatch): Promise<string> {
  if (error instanceof LimitError) return error.limit;
  if (hasCode(error, 'result.malformed')) return 'result:malformed';
  if (!hasCode(error, 'wire.failed')) throw error;
  await running.destroy();
  const exit = await running.ended();
  if (exit.oomKilled) return watch.outOfMemory();
  if (watch.limit !== undefined) return watch.limit;
  return watch.isRecordRefused ? noRecord : 'sandbox:ended-early';
}
