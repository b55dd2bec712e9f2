import type { Task } from '../domain/task.ts';
import type { UsageRow } from '../domain/usage.ts';
import { hasCode } from '../errors.ts';
import type { EffectivePolicy } from '../policy/effective-policy.ts';
import { budgetNameOf, rulesOf } from '../policy/rules-of.ts';
import { Postponed } from '../ports/queue.ts';
import { planWaiting } from '../report/plan-state.ts';
import type { Context } from './context.ts';
import { moveTask } from './move-task.ts';
import { showView } from './show-view.ts';
import { type Wait, whyWait } from './why-wait.ts';

/** How soon a task that waits is looked at again, ms. Nobody tells when there is room. */
const soonMs = 5_000;
const latestMs = 60_000;

/**
 * Takes a queued task for a runner, if the policy lets one more start now; undefined when somebody else has
 * it. One at a time in an installation: two that fit alone may not fit together.
 * @throws Postponed while it has to wait; its check says why
 */
export function takeTask(
  context: Context,
  task: Task,
  runnerId: string,
): Promise<Task | undefined> {
  return context.turns.take(`admission:${task.repository.installationId}`, async () => {
    const policy = await policyOf(context, task);
    const wait = policy === undefined ? undefined : await whyWait(context, task, policy);
    if (wait !== undefined && task.state === 'queued') await postpone(context, task, wait);
    const patch = { runnerId };
    const taken = await moveTask(context, task, { from: 'queued', to: 'preparing', patch });
    if (taken !== undefined && policy !== undefined) await reserve(context, taken, policy);
    return taken;
  });
}

/** Undefined where the record has no such policy: the run then fails for just that, and the check says so. */
async function policyOf(context: Context, task: Task): Promise<EffectivePolicy | undefined> {
  try {
    const policy = await context.policies.byDigest(task.policyDigest);
    rulesOf(policy, task.name);
    return policy;
  } catch (error) {
    if (hasCode(error, 'store.corrupt') || hasCode(error, 'policy.invalid')) return undefined;
    throw error;
  }
}

async function postpone(context: Context, task: Task, wait: Wait): Promise<never> {
  await showWaiting(context, task, wait);
  const leftMs = wait.untilMs === null ? soonMs : wait.untilMs - context.clock.nowMs();
  throw new Postponed(Math.max(soonMs, Math.min(leftMs, latestMs)));
}

/** Told once for each reason; GitHub being away is no reason to forget the task. */
async function showWaiting(context: Context, task: Task, wait: Wait): Promise<void> {
  const data = { reason: wait.reason, untilMs: wait.untilMs };
  const rows = await context.ledger.ofTask(task.id);
  const last = rows.findLast(({ type }) => type === 'task.waiting')?.data;
  if (last?.['reason'] === data.reason && last['untilMs'] === data.untilMs) return;
  try {
    await showView(context, task, planWaiting(task, wait));
  } catch (error) {
    context.log.warn({ taskId: task.id, err: error }, 'could not show that the task waits');
    return;
  }
  await context.ledger.append({ type: 'task.waiting', taskId: task.id, data });
}

/** Counts a whole run from its beginning: what ends sooner gives the rest back. */
async function reserve(context: Context, task: Task, policy: EffectivePolicy): Promise<void> {
  const { wallClockMs } = rulesOf(policy, task.name).limits;
  const atMs = context.clock.nowMs();
  const taskName = budgetNameOf(policy, task.name);
  await context.store.usage.put({ ...usageOf(task, atMs), taskName, ms: wallClockMs });
}

/** A row of what an attempt used: nothing yet. */
export function usageOf(task: Task, atMs: number): UsageRow {
  const { id: taskId, attempt, name: taskName, repository, pullRequest } = task;
  const { installationId, repositoryId } = repository;
  const place = { installationId, repositoryId, pullRequest };
  const nothing = { ms: 0, tokens: 0, costMicroUsd: 0, requests: 0 };
  return { taskId, attempt, taskName, ...place, atMs, ...nothing };
}
