import type { Peaks } from '../domain/peaks.ts';
import type { Task } from '../domain/task.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import type { Context } from './context.ts';
import type { Assigned } from './run-sandbox.ts';
import type { TaskLog } from './task-log.ts';

/**
 * Keeps one event of a sandbox: what it says goes to the log, what it executed to the ledger, in batches
 * as they come. The sandbox waits until the ledger has it; a ledger that cannot be written ends the run.
 * @throws SallyportError `store.unavailable`
 */
export async function recordEvent(
  { ledger }: Pick<Context, 'ledger'>,
  { task, log }: { readonly task: Pick<Task, 'id' | 'attempt'>; readonly log: TaskLog },
  event: SandboxEvent,
): Promise<void> {
  switch (event.type) {
    case 'exec':
    case 'exec-capped':
    case 'exec-end':
    case 'no-exec-record': {
      const { type, ...said } = event;
      await ledger.append({
        type: `sandbox.${type}`,
        taskId: task.id,
        data: { attempt: task.attempt, ...said },
      });
      return;
    }
    // Measured for us, not said by the agent; its last word is in the row of peaks.
    case 'usage':
      return;
    default:
      log.add(event);
  }
}

/** Keeps which sandbox an attempt has: of which image, and for how long it had waited for a task. */
export async function recordAssigned(
  { ledger }: Pick<Context, 'ledger'>,
  { id: taskId, attempt }: Pick<Task, 'id' | 'attempt'>,
  { imageDigest, warm }: Assigned,
): Promise<void> {
  const { labelledAs = taskId, waitedMs = null } = warm ?? {};
  await ledger.append({
    type: 'sandbox.assigned',
    taskId,
    data: { attempt, imageDigest, warm: warm !== null, waitedMs, labelledAs },
  });
}

/** Keeps what one run used at most, however it ended. */
export async function recordPeaks(
  { ledger }: Pick<Context, 'ledger'>,
  { id: taskId, attempt }: Pick<Task, 'id' | 'attempt'>,
  peaks: Peaks,
): Promise<void> {
  await ledger.append({ type: 'task.peaks', taskId, data: { attempt, ...peaks } });
}
