import { decide } from '../approval/decide.ts';
import { TaskId } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';
import type { Trigger } from '../domain/trigger.ts';
import { mayRun, mustWait } from '../policy/admission.ts';
import { actionIdentifiers } from '../report/plan-state.ts';
import { approvalContext, type Context } from './context.ts';
import { createTask } from './create-task.ts';
import { refuse } from './reply.ts';

type Rerequested = Extract<Trigger, { type: 'check-rerequested' }>;
type Action = Extract<Trigger, { type: 'check-action' }>;

/** Runs the task of a check run again, as a new task on the pull request's present head. */
export async function onCheckRerequested(context: Context, trigger: Rerequested): Promise<void> {
  const task = await taskOf(context, trigger);
  if (task === undefined) return;
  const permission = await context.github.permissions.of(trigger.repository, trigger.sender.login);
  const admission = mayRun(context.policy.policy, permission);
  if (!admission.allowed) return refuse(context, at(trigger, task), admission.reason);
  const pullRequest = await context.github.pullRequests.get(trigger.repository, task.pullRequest);
  if (pullRequest.state === 'closed') return;
  // Re-run means this commit: what an outsider has pushed since waits at gate 1 like any other push.
  const author = await context.github.permissions.of(trigger.repository, pullRequest.authorLogin);
  const isNewer = pullRequest.headSha !== trigger.headSha;
  await createTask(context, {
    kind: task.kind,
    repository: trigger.repository,
    pullRequest,
    cause: trigger.deliveryId,
    requestedBy: trigger.sender,
    instructions: task.instructions,
    held: isNewer && mustWait(context.policy.policy, pullRequest, author),
  });
}

/** A click on one of the buttons of a check run. Who clicked is asked for, not assumed. */
export async function onCheckAction(context: Context, trigger: Action): Promise<void> {
  const task = await taskOf(context, trigger);
  const decision = decisionOf(trigger.identifier, task);
  if (task === undefined || decision === undefined) return;
  const result = await decide(approvalContext(context), {
    task,
    decision,
    by: trigger.sender,
    via: 'button',
    cause: trigger.deliveryId,
  });
  if (!result.allowed) await refuse(context, at(trigger, task), result.reason);
}

/** A button decides at its own gate alone: letting a run start must never let a patch be written. */
function decisionOf(identifier: string, task: Task | undefined): 'approve' | 'reject' | undefined {
  if (identifier === actionIdentifiers.reject) return 'reject';
  const otherGate =
    identifier === actionIdentifiers.apply ? 'awaiting-run-approval' : 'awaiting-approval';
  const isApproval =
    identifier === actionIdentifiers.apply || identifier === actionIdentifiers.approveRun;
  return isApproval && task?.state !== otherGate ? 'approve' : undefined;
}

/** The task that the check run is about: by our own record, and only in the repository that asks. */
async function taskOf(context: Context, trigger: Rerequested | Action): Promise<Task | undefined> {
  const id = TaskId.safeParse(trigger.externalId);
  if (!id.success) return undefined;
  const task = await context.store.tasks.get(id.data);
  const isSame =
    task?.repository.repositoryId === trigger.repository.repositoryId &&
    task.checkRunId === trigger.checkRunId;
  return isSame ? task : undefined;
}

function at(trigger: Rerequested | Action, task: Task) {
  const { deliveryId, repository, sender } = trigger;
  return {
    deliveryId,
    repository,
    sender,
    number: task.pullRequest,
    threadId: null,
    commentId: null,
  };
}
