import type { CommitSha } from '../domain/ids.ts';
import { liveStates, mayBecome, type Task, type TaskState } from '../domain/task.ts';
import type { TellMove } from '../ports/store.ts';
import { joinWithin } from '../report/cut-text.ts';
import { type Context, enqueuePublish } from './context.ts';

/** The ways a task ends without its result being published. */
export type Ending = 'failed' | 'timed-out' | 'cancelled' | 'superseded';

/** A commit that is being made is not interrupted: it either lands or is refused by GitHub. */
const interruptible: readonly TaskState[] = liveStates.filter((state) => state !== 'applying');

/**
 * Ends a task from any of `from`, records why, and queues the conclusion of its check run.
 * Returns undefined when it was in none of these states any more.
 */
export async function endTask(
  context: Context,
  task: Task,
  ending: { readonly state: Ending; readonly reason: string; readonly from?: readonly TaskState[] },
): Promise<Task | undefined> {
  const from = (ending.from ?? interruptible).filter((state) => mayBecome(state, ending.state));
  const reason = joinWithin(Array.from(ending.reason), 200);
  const patch = { reason, runnerId: null, checkConcluded: false };
  const tell: TellMove = ({ state }) => ({
    type: 'task.ended',
    taskId: task.id,
    data: { state, reason },
  });
  const ended = await context.store.tasks.transition(task.id, from, ending.state, patch, tell);
  if (ended === undefined) return undefined;
  await enqueuePublish(context, ended);
  return ended;
}

/**
 * Ends every live task that `task` replaces: older ones of the same name on the same head, and all on a head
 * that is not the pull request's any more. `headSha` is the head as GitHub has it after `task` was stored:
 * of two deliveries that are planned at once, the one with the old head ends its own task. For an issue there is
 * no such head: a newer task replaces an older one of its name, whatever it was planned on.
 */
export async function supersedeOlder(
  context: Context,
  task: Task,
  headSha: CommitSha,
): Promise<void> {
  const live = await context.store.tasks.ofPullRequest(
    task.repository.repositoryId,
    task.pullRequest,
    interruptible,
  );
  for (const older of live) {
    if (older.subjectKind === 'pull-request' && older.headSha !== headSha) {
      await endTask(context, older, { state: 'superseded', reason: 'head:moved' });
    } else if (isReplaced(older, task)) {
      await endTask(context, older, { state: 'superseded', reason: `superseded by ${task.id}` });
    }
  }
}

/** Does `task` replace `older`? A total order: two tasks of one millisecond must not end each other. */
export function isReplaced(older: Task, task: Task): boolean {
  if (older.name !== task.name) return false;
  if (task.subjectKind === 'pull-request' && older.headSha !== task.headSha) return false;
  if (older.createdAtMs !== task.createdAtMs) return older.createdAtMs < task.createdAtMs;
  return older.id < task.id;
}
