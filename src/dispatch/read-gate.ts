import { readAfter } from '../approval/after-bytes.ts';
import { gatePatch, type PatchVerdict } from '../approval/gate-patch.ts';
import { writeApprovals } from '../approval/write-approvals.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import { approvalAgeMs } from '../policy/decide/gate.ts';
import { whoMay } from '../policy/decide/person.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { GateView } from '../report/gate-view.ts';
import type { Context } from './context.ts';

/** A task that has an outcome, and the rules that it was planned with. */
export interface FinishedTask {
  readonly task: Task;
  readonly rules: EffectiveTask;
  readonly outcome: Outcome;
}

/** Who may let the patch through, and where several have to, how many did; of whom the approval is too old by now. */
async function whoDecides(context: Context, finished: FinishedTask): Promise<string> {
  const { rules } = finished;
  const { count, codeOwners, requesterMayApprove, expiresAfterHours } = rules.approvals;
  const { people, expired } = await approversOf(context, finished);
  return [
    `It takes ${whoMay(rules.approve)}.`,
    count === 1 ? [] : `${count} people have to approve; ${people} did.`,
    expired === 0
      ? []
      : `Approvals of ${expired} are older than ${expiresAfterHours} hours and void; they may be given again.`,
    codeOwners ? 'The owners of each file have to approve it.' : [],
    requesterMayApprove ? [] : 'Who asked for the task may not.',
  ]
    .flat()
    .join(' ');
}

/** How many people have approved the patch, and how many had whose approval is void by its age while it waits. */
async function approversOf(
  context: Context,
  { task, rules }: FinishedTask,
): Promise<{ readonly people: number; readonly expired: number }> {
  const given = await writeApprovals(context, task.id);
  const isWaiting = task.state === 'awaiting-approval';
  const sinceMs = isWaiting ? context.clock.nowMs() - approvalAgeMs(rules) : 0;
  const valid = given.filter(({ atMs }) => atMs >= sinceMs);
  const people = new Set(valid.map(({ by }) => by.id)).size;
  return { people, expired: new Set(given.map(({ by }) => by.id)).size - people };
}

/** What gate 2 says of the task's patch; a review has none, whatever its sandbox changed. */
export async function gateVerdict(
  context: Context,
  { task, rules, outcome }: FinishedTask,
): Promise<PatchVerdict> {
  if (task.kind !== 'fix') return { status: 'empty' };
  const afterBytes = await readAfter(context, outcome.changes);
  return gatePatch(rules, { ...outcome, afterBytes });
}

/** What gate 2 says of the task's patch, and what became of it, for people. */
export async function gateView(context: Context, finished: FinishedTask): Promise<GateView> {
  const { task } = finished;
  const verdict = await gateVerdict(context, finished);
  const mayApprove = await whoDecides(context, finished);
  if (verdict.status === 'refused')
    return { status: 'refused', reasons: verdict.reasons, mayApprove };
  if (verdict.status === 'empty') return { status: 'none', reasons: [], mayApprove };
  if (task.state === 'awaiting-approval') return { status: 'waiting', reasons: [], mayApprove };
  const commitSha = await context.store.steps.find(task.id, 'commit');
  if (commitSha !== undefined) return { status: 'applied', reasons: [], mayApprove, commitSha };
  const reasons = ['The head is in a fork, to which the App cannot write.'];
  return { status: 'refused', reasons, mayApprove };
}
