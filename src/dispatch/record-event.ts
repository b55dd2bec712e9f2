import type { Peaks } from '../domain/peaks.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import { plainLine } from '../report/sanitise.ts';
import type { Context } from './context.ts';
import type { Assigned } from './run-sandbox.ts';
import type { StageOf } from './stage-name.ts';
import type { RecordedWord, TaskLog } from './task-log.ts';

/**
 * Keeps one event of a sandbox: what it says goes to the log, what it executed to the ledger, in batches
 * as they come, and so does how an agent says that it ended and what it says of its provider. The sandbox waits until the ledger has it; a ledger that cannot be written ends the run.
 * @throws SallyportError `store.unavailable`
 */
export async function recordEvent(
  { ledger }: Pick<Context, 'ledger'>,
  { log, ...of }: StageOf & { readonly log: TaskLog },
  event: SandboxEvent,
): Promise<void> {
  const { id: taskId, attempt, stage } = of;
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
    case 'agent':
      log.add(event);
      if (log.mayRecord(stage, event.event)) await recordWord({ ledger }, of, event.event);
      return;
    default:
      log.add(event);
  }
}

/** Longest text of an agent in the ledger, in UTF-16 units; hidden characters are spelled out. */
const maxWordLength = 600;

async function recordWord(
  { ledger }: Pick<Context, 'ledger'>,
  { id: taskId, attempt, stage }: StageOf,
  word: RecordedWord,
): Promise<void> {
  const { kind, text, ...said } = word;
  const data = { attempt, stage, ...said, text: plainLine(text, maxWordLength) };
  await ledger.append({ type: `agent.${kind}`, taskId, data });
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
