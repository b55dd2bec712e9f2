import { writeApprovals } from '../approval/write-approvals.ts';
import type { Approval } from '../domain/approval.ts';
import { taskIdFor } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';
import { hasCode } from '../errors.ts';
import { approvalAgeMs } from '../policy/decide/gate.ts';
import type { Context } from './context.ts';
import { causeOf } from './missed-head.ts';
import { rulesOfTask } from './policy-record.ts';
import { showAgain } from './show-again.ts';

/** Most patches that are looked at, those that have waited longest. */
const maxWaiting = 5_000;
const step = 'approval-expired';

/**
 * Has the checks of patches say so when an approval of theirs is too old to count: the one who gave it would wait
 * for another who never comes. Once for each approval; it may be given again.
 */
export async function tellExpired(context: Context): Promise<void> {
  const waiting = await context.store.tasks.inStates(['awaiting-approval'], maxWaiting);
  for (const task of waiting) {
    const maxAgeMs = await maxAgeOf(context, task);
    if (maxAgeMs === undefined) continue;
    const given = await writeApprovals(context, task.id);
    const old = given.filter(({ atMs }) => context.clock.nowMs() - atMs > maxAgeMs);
    for (const approval of old) await tell(context, task, approval);
  }
}

/** Undefined where the policy that the task goes by is not kept any more. */
async function maxAgeOf(context: Context, task: Task): Promise<number | undefined> {
  try {
    return approvalAgeMs(await rulesOfTask(context, task));
  } catch (error) {
    if (!hasCode(error, 'store.corrupt') && !hasCode(error, 'policy.invalid')) throw error;
    return undefined;
  }
}

async function tell(context: Context, task: Task, { by, atMs }: Approval): Promise<void> {
  const key = taskIdFor(JSON.stringify([task.id, by.id, atMs]), step);
  if ((await context.store.steps.find(key, step)) !== undefined) return;
  await context.ledger.append({
    type: 'gate.write.approval-expired',
    taskId: task.id,
    data: { by: by.id, login: by.login, givenAtMs: atMs },
  });
  await showAgain(context, task, causeOf('expired', task.id, String(by.id), String(atMs)));
  await context.store.steps.finish(key, step, 'told');
}
