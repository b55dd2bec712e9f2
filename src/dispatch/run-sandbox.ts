import type { TaskId } from '../domain/ids.ts';
import type { Limits } from '../domain/limits.ts';
import { SallyportError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunningSandbox, RuntimeClass, Sandbox } from '../ports/sandbox.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import type { SandboxResult } from '../wire/receive-result.ts';
import { serveWire } from '../wire/serve-wire.ts';
import type { WireTask } from '../wire/wire-task.ts';

/** One run: what to start and what to give it. */
export interface SandboxRun {
  readonly taskId: TaskId;
  readonly ownerId: string;
  readonly image: string;
  readonly runtime: RuntimeClass;
  readonly limits: Limits;
  readonly bundle: WireTask['bundle'];
  /** The sandbox waits for its promise; a rejection ends the run with that error. */
  readonly onEvent: (event: SandboxEvent) => void | Promise<void>;
  /** Aborts when the task is not wanted any more. */
  readonly signal: AbortSignal;
}

/** How a run ended: with a result, or with the reason by name. */
export type SandboxVerdict =
  | {
      readonly status: 'result';
      readonly result: SandboxResult;
      readonly imageDigest: string;
      readonly runMs: number;
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
  const record = new RecordWatch();
  try {
    const signal = AbortSignal.any([run.signal, wall.signal]);
    const result = await serveWire(running.wire, {
      bundle: run.bundle,
      limits,
      onEvent: (event) => {
        record.see(event);
        return run.onEvent(event);
      },
      signal,
    });
    if (!record.isComplete) return { status: 'failed', reason: noRecord };
    const runMs = ports.clock.nowMs() - startedAtMs;
    return { status: 'result', result, imageDigest: running.imageDigest, runMs };
  } catch (error) {
    if (run.signal.aborted) return { status: 'cancelled', reason: 'task:not-wanted' };
    if (wall.signal.aborted) return { status: 'timed-out', reason: 'limit:wall-clock' };
    const reason = await reasonOf(error, running);
    const isUnrecorded = record.isRefused && reason === 'sandbox:ended-early';
    return { status: 'failed', reason: isUnrecorded ? noRecord : reason };
  } finally {
    done.abort();
    await running.destroy();
  }
}

const noRecord = 'sandbox:no-exec-record';

/** Whether a sandbox has told of every process: what it did unseen is not taken. */
class RecordWatch {
  isComplete = false;
  isRefused = false;

  see({ type }: SandboxEvent): void {
    if (type === 'exec-end') this.isComplete = true;
    if (type === 'no-exec-record') this.isRefused = true;
  }
}

/** Names the cause: an out-of-memory kill shows on the wire only as a broken connection. */
async function reasonOf(error: unknown, running: RunningSandbox): Promise<string> {
  if (!(error instanceof SallyportError)) throw error;
  if (error.code === 'result.limit') return `limit:${error.message}`;
  if (error.code === 'result.malformed') return 'result:malformed';
  if (error.code !== 'wire.failed') throw error;
  await running.destroy();
  const exit = await running.ended();
  return exit.oomKilled ? 'limit:memory' : 'sandbox:ended-early';
}
