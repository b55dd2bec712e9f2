import type { Task } from '../domain/task.ts';
import { type Context, enqueuePublish, enqueueRun, type PublishJob } from './context.ts';
import { sweep } from './reap.ts';
import { heldStates, retryOrFail } from './retry-or-fail.ts';
import type { Runner } from './runner.ts';

/** Most tasks looked at in one pass; the next pass takes the rest. */
const pageSize = 500;
/** Time beyond the wall clock for fetching and collecting, after which a runner counts as dead, ms. */
const graceMs = 15 * 60_000;
/** Longer than a publish job with all its attempts: by then it has been given up, put back, or never existed. */
const givenUpAfterMs = 15 * 60_000;
/** As many of these as a job that GitHub's limits put back is away for, at most. */
const maxPutBack = 4;
/** Jobs of one attempt, one after the other. Each takes ten minutes to fail: days of a fault that nobody mends. */
const maxJobs = 500;

/**
 * After a start, under the same runner id: whatever this runner held, it held in its former life. Its
 * containers and half-made mirrors are removed, its tasks get their next attempt.
 */
export async function recoverRunner(context: Context, runner: Runner): Promise<void> {
  await sweep(context, runner);
  await runner.source.clearLeftovers();
  const held = await context.store.tasks.inStates(heldStates, pageSize);
  for (const task of held.filter((one) => one.runnerId === runner.id)) {
    await retryOrFail(context, task, 'runner:restarted');
  }
}

/**
 * Finds tasks that nothing moves any more and moves them: queued ones whose job is lost, held ones whose
 * runner is silent for too long, and those whose check run does not show their state. Safe to run at any
 * time and by several processes: every step behind it is idempotent.
 */
export async function reconcile(context: Context): Promise<void> {
  const nowMs = context.clock.nowMs();
  // No task has more time than the operator gives.
  const deadAfterMs = context.policies.operator.policy.limits.wallClockMs + graceMs;
  for (const task of await context.store.tasks.inStates(['queued'], pageSize)) {
    await requeueRun(context, task);
  }
  for (const task of await context.store.tasks.inStates(heldStates, pageSize)) {
    if (nowMs - task.updatedAtMs > deadAfterMs) await retryOrFail(context, task, 'runner:lost');
  }
  for (const task of await context.store.tasks.unconcluded(pageSize)) {
    if (needsPublishing(task)) await requeuePublish(context, task);
  }
}

/** Also what waits for a decision: nobody can decide on a check that was never shown. */
function needsPublishing(task: Task): boolean {
  return task.state !== 'queued' && !heldStates.includes(task.state);
}

/**
 * Under a new job id once every earlier one is over: one that failed for good keeps its id taken, and one that
 * quiet hours or a budget put off is still to come, however old it is.
 */
async function requeueRun(context: Context, task: Task): Promise<void> {
  await enqueueRun(context, task);
  if (context.clock.nowMs() - task.updatedAtMs < givenUpAfterMs) return;
  const { id: taskId, attempt } = task;
  const { tasks } = context.queues;
  for (let job = 1, id = `${taskId}-${attempt}`; job <= maxJobs; job += 1) {
    if (await tasks.isOpen(id)) return;
    id = `${taskId}-${attempt}-${job}`;
    if (!(await tasks.has(id))) return tasks.add(id, { taskId, attempt });
  }
}

/**
 * Under a new job id once the first job must have used up its attempts while GitHub was away. Not before, and not
 * while one is put back: a second job beside a slow first one would show, post and commit at the same time.
 */
async function requeuePublish(context: Context, task: Task): Promise<void> {
  await enqueuePublish(context, task);
  const nowMs = context.clock.nowMs();
  if (nowMs - task.updatedAtMs < givenUpAfterMs) return;
  const period = Math.floor(nowMs / givenUpAfterMs);
  const first = `${task.id}-${task.attempt}-${task.state}`;
  const before = Array.from({ length: maxPutBack }, (_, index) => `${first}-${period - 1 - index}`);
  for (const id of [first, ...before]) if (await context.queues.publish.isOpen(id)) return;
  const job: PublishJob = { taskId: task.id };
  await context.queues.publish.add(`${first}-${period}`, job);
}
