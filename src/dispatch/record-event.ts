import type { Task } from '../domain/task.ts';
import type { SandboxEvent } from '../protocol/event.ts';
import type { Context } from './context.ts';
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
      await ledger.append({ type: `sandbox.${type}`, taskId: task.id, data: { attempt: task.attempt, ...said } });
      return;
    }
    default:
      log.add(event);
  }
}
