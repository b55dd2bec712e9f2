import type { Task, TaskState } from '../domain/task.ts';
import { hasCode } from '../errors.ts';
import type { Context } from './context.ts';
import { type Ending, endTask } from './end-task.ts';
import { whyWait } from './why-wait.ts';

/** Most tasks looked at in one pass; the next pass takes the rest. */
const pageSize = 500;
const hourMs = 3_600_000;

/** How long a task may wait in a state, and what then becomes of it. */
interface Patience {
  readonly state: TaskState;
  readonly maxMs: number;
  readonly ending: { readonly state: Ending; readonly reason: string };
}

/**
 * Two weeks for people: GitHub itself gives up an open check after fourteen days. A day for runners. None of
 * these endings passes a required check, or waiting would be a way around it; a patch that nobody wanted is
 * as if it had never been asked for.
 */
const patience: readonly Patience[] = [
  {
    state: 'awaiting-run-approval',
    maxMs: 14 * 24 * hourMs,
    ending: { state: 'cancelled', reason: 'gate:run:expired' },
  },
  {
    state: 'awaiting-approval',
    maxMs: 14 * 24 * hourMs,
    ending: { state: 'cancelled', reason: 'gate:write:expired' },
  },
  {
    state: 'queued',
    maxMs: 24 * hourMs,
    ending: { state: 'timed-out', reason: 'runner:none' },
  },
];

/** Ends what has waited for too long for a person or for a runner. What is run has ceilings of its own. */
export async function endOverdue(context: Context): Promise<void> {
  for (const { state, maxMs, ending } of patience) {
    const waiting = await context.store.tasks.inStates([state], pageSize);
    for (const task of waiting.filter((one) => isOverdue(context, one, maxMs))) {
      if (state === 'queued' && (await isHeldByPolicy(context, task))) continue;
      await endTask(context, task, { ...ending, from: [state] });
    }
  }
}

/** Quiet hours, a budget or the pace: it is not for want of a runner that this one waits. */
async function isHeldByPolicy(context: Context, task: Task): Promise<boolean> {
  try {
    const policy = await context.policies.byDigest(task.policyDigest);
    return (await whyWait(context, task, policy)) !== undefined;
  } catch (error) {
    // Without its policy it can never run.
    if (hasCode(error, 'store.corrupt')) return false;
    throw error;
  }
}

function isOverdue(context: Context, task: Task, maxMs: number): boolean {
  return context.clock.nowMs() - task.updatedAtMs > maxMs;
}
