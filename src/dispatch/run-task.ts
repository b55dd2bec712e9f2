import { isEnded, type Task } from '../domain/task.ts';
import { SallyportError } from '../errors.ts';
import { planRunning } from '../report/plan-state.ts';
import { type Context, enqueuePublish, publishAgain, type TaskJob } from './context.ts';
import { endTask } from './end-task.ts';
import { moveTask } from './move-task.ts';
import { ProgressKeeper } from './progress-keeper.ts';
import { heldStates, retryOrPutBack } from './retry-or-fail.ts';
import type { AgentVerdict } from './run-agent.ts';
import { runAttempt } from './run-attempt.ts';
import { RunMeter } from './run-meter.ts';
import type { RunnerContext } from './runner.ts';
import { showView } from './show-view.ts';
import { takeTask } from './take-task.ts';
import { TaskLog } from './task-log.ts';

/** How often a runner looks whether a task it runs is still wanted, in ms. */
const watchEveryMs = 500;

/**
 * Runs one attempt of one task. The compare-and-set on the task's state makes it exactly once: a job that
 * is delivered again finds the task taken, finished or on another attempt, and does nothing.
 * @throws Postponed while the policy lets it not start; SallyportError with `retryAfterMs` while GitHub does not
 */
export async function runTask(
  { context, runner }: RunnerContext,
  job: TaskJob,
  stopping: AbortSignal,
): Promise<void> {
  const known = await context.store.tasks.get(job.taskId);
  if (known === undefined || known.attempt !== job.attempt) return;
  const task = await takeTask(context, known, runner.id);
  if (task === undefined) return;
  const finished = new AbortController();
  const unwanted = new AbortController();
  void watch(context, task, { unwanted, finished: finished.signal });
  const meter = new RunMeter(context.clock);
  const log = new TaskLog(context.policies.operator.policy.limits.eventBytes);
  const progress = new ProgressKeeper(context, task);
  // Beside the run, since GitHub's answer may take a second; but never after what follows it.
  const shown = showRunning(context, task);
  const signal = AbortSignal.any([unwanted.signal, stopping]);
  try {
    const verdict = await runAttempt({ context, runner }, task, { log, meter, progress, signal });
    await Promise.all([shown, progress.stop()]);
    await keepLog(context, task, log);
    await meter.keep(context.store.usage, task);
    await conclude(context, task, verdict);
  } catch (error) {
    await Promise.all([shown, progress.stop()]);
    await keepLog(context, task, log);
    await meter.keep(context.store.usage, task);
    // What was broken off fails somehow; that is nobody's fault, and whoever broke it off knows.
    if (!signal.aborted) await fail(context, task, error);
  } finally {
    finished.abort();
  }
}

/**
 * Shows that the task runs. GitHub being away is no reason not to run; a task that was ended meanwhile is
 * shown again by whoever ended it, since its check may just have been opened again.
 */
async function showRunning(context: Context, task: Task): Promise<void> {
  if (task.subjectKind === 'pull-request' && task.checkRunId === null) return;
  try {
    await showView(context, task, planRunning(task));
  } catch (error) {
    context.log.warn({ taskId: task.id, err: error }, 'could not show that the task runs');
  }
  const now = await context.store.tasks.get(task.id);
  if (now !== undefined && isEnded(now.state)) await publishAgain(context, now);
}

async function conclude(context: Context, task: Task, verdict: AgentVerdict): Promise<void> {
  // Whoever cancelled it has moved the task already; a runner that stops leaves it to recovery.
  if (verdict.status === 'cancelled' || !(await isStillHeld(context, task))) return;
  if (verdict.status !== 'outcome') {
    const { status: state, reason } = verdict;
    await endTask(context, task, { state, reason, from: heldStates });
    return;
  }
  const { imageDigest } = verdict.outcome;
  await moveTask(context, task, { from: 'running', to: 'collecting', patch: { imageDigest } });
  const bytes = Buffer.from(JSON.stringify(verdict.outcome));
  const outcomeDigest = await context.store.artifacts.put(bytes);
  const { patchDigest } = verdict;
  const patch = { outcomeDigest, patchDigest, runnerId: null, checkConcluded: false };
  const published = await moveTask(context, task, { from: 'collecting', to: 'publishing', patch });
  if (published !== undefined) await enqueuePublish(context, published);
}

/** Aborts `unwanted` when the task has been ended by somebody else. */
async function watch(
  context: Context,
  task: Task,
  { unwanted, finished }: { readonly unwanted: AbortController; readonly finished: AbortSignal },
): Promise<void> {
  while (!finished.aborted) {
    await context.clock.after(watchEveryMs, finished);
    try {
      const now = await context.store.tasks.get(task.id);
      if (now?.runnerId !== task.runnerId || now?.attempt !== task.attempt) unwanted.abort();
    } catch (error) {
      context.log.warn({ taskId: task.id, err: error }, 'could not read the task; asking again');
    }
  }
}

async function keepLog(context: Context, task: Task, log: TaskLog): Promise<void> {
  const logDigest = await context.store.artifacts.put(log.bytes());
  await context.ledger.append({
    type: 'task.log',
    taskId: task.id,
    data: { logDigest, lines: log.lineCount, droppedBytes: log.droppedBytes },
  });
}

/** A fault of ours or of a part that we use: tried once more if that can help, else the check says so. */
async function fail(context: Context, task: Task, error: unknown): Promise<void> {
  if (!(await isStillHeld(context, task))) return;
  const known = error instanceof SallyportError ? error : undefined;
  context.log.error({ taskId: task.id, err: error }, 'task attempt failed');
  const reason = known?.code ?? 'internal';
  if (known?.retryable) await retryOrPutBack(context, task, known);
  else await endTask(context, task, { state: 'failed', reason, from: heldStates });
}

/**
 * Does this runner still hold this attempt? One that was frozen for so long that its task went to another
 * wakes up with an old result, and must neither publish it nor end the other's attempt.
 */
async function isStillHeld(context: Context, task: Task): Promise<boolean> {
  const now = await context.store.tasks.get(task.id);
  return now?.attempt === task.attempt && now.runnerId === task.runnerId;
}
