import { applyPatch } from '../approval/apply-patch.ts';
import { readOutcome } from '../approval/read-outcome.ts';
import { readSubject } from '../approval/read-subject.ts';
import type { TaskId } from '../domain/ids.ts';
import { isEnded, type Task } from '../domain/task.ts';
import { hasCode, SallyportError } from '../errors.ts';
import { appendOnce } from './append-once.ts';
import { applyTriage } from './apply-triage.ts';
import { approvalContext, type Context, publishAgain } from './context.ts';
import { endTask } from './end-task.ts';
import { ensureCheckRun } from './ensure-check-run.ts';
import { giveUp } from './give-up.ts';
import { rulesOfTask } from './policy-record.ts';
import { gateVerdict } from './read-gate.ts';
import { showTask } from './show-task.ts';

/**
 * Moves a task whose next step is on GitHub, and makes its check run show where it stands.
 * Driven by the stored state alone: it may be called at any time, again, and after a crash at any point.
 * A fault that no retry can change ends the task or is told in its check: none waits for ever.
 */
export function settleTask(context: Context, taskId: TaskId): Promise<void> {
  return context.turns.take(taskId, () => settle(context, taskId));
}

async function settle(context: Context, taskId: TaskId): Promise<void> {
  const task = await context.store.tasks.get(taskId);
  if (task === undefined) return;
  try {
    const moved = await moveOn(context, await ensureCheckRun(context, task));
    if (moved !== undefined) await show(context, moved);
  } catch (error) {
    if (!(error instanceof SallyportError) || error.retryable) throw error;
    await giveUp(context, taskId, error);
  }
}

async function show(context: Context, task: Task): Promise<void> {
  await showTask(context, task);
  const now = await context.store.tasks.get(task.id);
  if (now === undefined) return;
  if (now.state === task.state) {
    await context.store.tasks.patch(task.id, { checkConcluded: true });
  } else {
    // Another process moved it, and may have shown that before this view, now an old one, came through.
    await publishAgain(context, now);
  }
}

/** The task after its next step; undefined when somebody else is moving it, or nothing is to be shown. */
async function moveOn(context: Context, task: Task): Promise<Task | undefined> {
  if (task.state === 'publishing') return publish(context, task);
  if (task.state === 'applying') return apply(context, task);
  const isShown = isEnded(task.state) || task.state.startsWith('awaiting-');
  return isShown ? task : undefined;
}

async function publish(context: Context, task: Task): Promise<Task | undefined> {
  const pullRequest = await readSubject(context.github, task);
  if (pullRequest.headSha !== task.headSha) {
    await endTask(context, task, { state: 'superseded', reason: 'head:moved' });
    return undefined;
  }
  const rules = await rulesOfTask(context, task);
  const outcome = await readOutcome(context.store.artifacts, task);
  await applyTriage(context, task, { rules, outcome });
  const verdict = await gateVerdict(context, { task, rules, outcome });
  const waits = verdict.status === 'approvable' && !pullRequest.isFork;
  const next = waits ? 'awaiting-approval' : 'done';
  return moveAndTell(context, task, { to: next, gate: verdict.status });
}

/** On from where `task` is, with its row of the ledger; undefined when it is not there any more. */
function moveAndTell(
  context: Context,
  task: Task,
  { to, gate }: { readonly to: 'awaiting-approval' | 'done'; readonly gate: string },
): Promise<Task | undefined> {
  const { id: taskId, state, patchDigest } = task;
  const tell = () => ({ type: `task.${to}`, taskId, data: { gate, patchDigest } });
  return context.store.tasks.transition(taskId, [state], to, { checkConcluded: false }, tell);
}

async function apply(context: Context, task: Task): Promise<Task | undefined> {
  const outcome = await readOutcome(context.store.artifacts, task);
  const applied = await commitOrWhyNot(context, task, outcome);
  if (applied.status === 'void') {
    await endTask(context, task, {
      state: 'superseded',
      reason: `approval:void: ${applied.reason}`,
      from: ['applying'],
    });
    return undefined;
  }
  await appendOnce(context.ledger, {
    type: 'patch.committed',
    taskId: task.id,
    data: { sha: applied.sha, patchDigest: task.patchDigest, parent: task.headSha },
  });
  if (applied.pullRequest !== undefined) {
    const { pullRequest } = applied;
    const data = { pullRequest, issue: task.pullRequest, sha: applied.sha };
    await appendOnce(context.ledger, { type: 'pull-request.opened', taskId: task.id, data });
  }
  return moveAndTell(context, task, { to: 'done', gate: 'approved' });
}

async function commitOrWhyNot(
  context: Context,
  task: Task,
  outcome: Parameters<typeof applyPatch>[2],
): ReturnType<typeof applyPatch> {
  try {
    return await applyPatch(approvalContext(context), task, outcome);
  } catch (error) {
    if (!hasCode(error, 'github.stale-head')) throw error;
    const isIssue = task.subjectKind === 'issue';
    return { status: 'void', reason: isIssue ? 'its branch is taken' : 'the head moved' };
  }
}
