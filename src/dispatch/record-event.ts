import type { Peaks } from '../domain/peaks.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import type { Context } from './context.ts';
import type { Assigned } from './run-sandbox.ts';
import type { StageOf } from './stage-name.ts';
import type { TaskLog } from './task-log.ts';

/**
 * Keeps one event of a sandbox: what it says goes to the log, what it executed to the ledger, in batches
 * as they come. The sandbox waits until the ledger has it; a ledger that cannot be written ends the run.
 * @throws SallyportError `store.unavailable`
 */
export async function recordEvent(
  { ledger }: Pick<Context, 'ledger'>,
  { id: taskId, attempt, stage, log }: StageOf & { readonly log: TaskLog },
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
        taskId,
        data: { attempt, stage, ...said },
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
  { id: taskId, attempt, stage }: StageOf,
  { imageDigest, warm }: Assigned,
): Promise<void> {
  const { labelledAs = taskId, waitedMs = null } = warm ?? {};
  await ledger.append({
    type: 'sandbox.assigned',
    taskId,
    data: { attempt, stage, imageDigest, warm: warm !== null, waitedMs, labelledAs },
  });
}

/** Keeps what one run used at most, however it ended. */
export async function recordPeaks(
  { ledger }: Pick<Context, 'ledger'>,
  { id: taskId, attempt, stage }: StageOf,
  peaks: Peaks,
): Promise<void> {
  await ledger.append({ type: 'task.peaks', taskId, data: { attempt, stage, ...peaks } });
}
