import type { Task } from '../domain/task.ts';
import type { UsedAmounts } from '../domain/usage.ts';
import { admitByBudget, type Used } from '../policy/decide/budgets.ts';
import { hasRoom } from '../policy/decide/pace.ts';
import { quietAt } from '../policy/decide/quiet-hours.ts';
import type { EffectivePolicy } from '../policy/effective-policy.ts';
import { budgetNameOf, rulesOf } from '../policy/rules-of.ts';
import type { Context } from './context.ts';
import { heldStates } from './retry-or-fail.ts';

/** Why a task does not start now. `untilMs`: not before that; null when nobody can tell. */
export interface Wait {
  readonly reason: string;
  readonly untilMs: number | null;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** More than any installation runs at once. */
const mostRunning = 10_000;

/** Why the policy lets this task not start now; undefined when it may. What runs counts as it is now. */
export async function whyWait(
  context: Context,
  task: Task,
  policy: EffectivePolicy,
): Promise<Wait | undefined> {
  return (
    (await quiet(context, task, policy)) ??
    (await crowded(context, task, policy)) ??
    (await spent(context, task, policy))
  );
}

/** A task that a person asked for, or let start at gate 1, does not start by itself. */
async function quiet(
  { clock, store }: Context,
  task: Task,
  policy: EffectivePolicy,
): Promise<Wait | undefined> {
  if (!task.isAutomatic) return undefined;
  const now = quietAt(rulesOf(policy, task.name).quietHours, clock.nowMs());
  if (!now.isQuiet) return undefined;
  const approvals = await store.approvals.ofTask(task.id);
  if (approvals.some(({ gate, decision }) => gate === 'run' && decision === 'approve'))
    return undefined;
  return { reason: 'Quiet hours: nothing starts by itself now.', untilMs: now.untilMs };
}

async function crowded(
  { store }: Context,
  { repository }: Task,
  policy: EffectivePolicy,
): Promise<Wait | undefined> {
  const held = (await store.tasks.inStates(heldStates, mostRunning)).filter(
    (one) => one.repository.installationId === repository.installationId,
  );
  const inRepository = held.filter(
    (one) => one.repository.repositoryId === repository.repositoryId,
  ).length;
  const { allowed, reason } = hasRoom(policy, { inRepository, inOrganisation: held.length });
  return allowed ? undefined : { reason, untilMs: null };
}

async function spent(
  context: Context,
  task: Task,
  policy: EffectivePolicy,
): Promise<Wait | undefined> {
  const nowMs = context.clock.nowMs();
  const sinceMs = Math.floor(nowMs / dayMs) * dayMs;
  const taskName = budgetNameOf(policy, task.name);
  const used = await usedSince(context, task, { sinceMs });
  const usedByTask = await usedSince(context, task, { sinceMs, taskName });
  const admission = admitByBudget(policy, task.name, { used, usedByTask, nowMs });
  if (admission.outcome === 'go') return undefined;
  return { reason: `${admission.reason} (\`${admission.budget}\`)`, untilMs: admission.untilMs };
}

/** A task that is tried again was counted when it began: it does not need room for one more. */
async function usedSince(
  { store }: Context,
  { id, attempt, repository, pullRequest }: Task,
  { sinceMs, ...named }: { readonly sinceMs: number; readonly taskName?: string },
): Promise<Used> {
  const { installationId, repositoryId } = repository;
  const own = { installationId, ...named };
  const isCounted = attempt > 1 && (await store.usage.has(id, sinceMs));
  const of = async (place: object) =>
    amounts(await store.usage.sum(sinceMs, { ...own, ...place }), isCounted);
  return {
    perPullRequest: await of({ repositoryId, pullRequest }),
    perRepository: await of({ repositoryId }),
    perOrganisation: await of({}),
  };
}

function amounts({ tasks, ms, ...used }: UsedAmounts, isCounted: boolean) {
  const others = isCounted ? tasks - 1 : tasks;
  return { tasks: others, minutes: Math.floor(ms / minuteMs), ...used };
}
