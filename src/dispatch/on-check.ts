import { decide } from '../approval/decide.ts';
import { presentRules } from '../approval/present-rules.ts';
import { readPerson } from '../approval/read-person.ts';
import { TaskId, taskIdFor } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';
import type { Trigger } from '../domain/trigger.ts';
import { whyNotTaken } from '../policy/decide/parameters.ts';
import { mayRun, whyNoFork } from '../policy/decide/people.ts';
import type { Person } from '../policy/decide/person.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { PullRequest } from '../ports/github.ts';
import { actionIdentifiers } from '../report/plan-state.ts';
import { approvalContext, type Context } from './context.ts';
import { createTask } from './create-task.ts';
import { isHeld } from './entry.ts';
import { startUnasked } from './on-pull-request.ts';
import { refuse } from './reply.ts';
import { pullRequestBehind } from './unrun-id.ts';

type Rerequested = Extract<Trigger, { type: 'check-rerequested' }>;
type Action = Extract<Trigger, { type: 'check-action' }>;

/** Runs the task of a check run again, as a new task on the pull request's present head. */
export async function onCheckRerequested(context: Context, trigger: Rerequested): Promise<void> {
  const number = pullRequestBehind(trigger.externalId);
  // Nothing ran: what a push would start now is started, and gate 1 asks as it would then.
  if (number !== undefined) return startUnasked(context, { ...trigger, number });
  const task = await taskOf(context, trigger);
  if (task === undefined) return;
  const { repository, sender, deliveryId } = trigger;
  const pullRequest = await context.github.pullRequests.get(repository, task.pullRequest);
  const present = await presentRules(context, task, pullRequest);
  if (!present.ok) return refuse(context, at(trigger, task), `Nothing runs: ${present.reason}.`);
  const { loaded } = present;
  const person = await readPerson(context.github, {
    repository,
    who: sender,
    pullRequest,
    whos: present.rules.run,
  });
  const refusal = whyNoRun(present.rules, { person, pullRequest, task });
  if (refusal !== undefined) return refuse(context, at(trigger, task), refusal);
  if (pullRequest.state === 'closed') return;
  // Re-run means this commit: what an outsider has pushed since waits at gate 1 like any other push.
  const isNewer = pullRequest.headSha !== trigger.headSha;
  const { name, instructions, parameters } = task;
  const held = isNewer && (await isHeld(context, { repository, pullRequest, loaded }, name));
  const place = { repository, pullRequest, policy: loaded, cause: deliveryId, requestedBy: sender };
  await createTask(context, { ...place, name, instructions, parameters, held, again: task });
}

function whyNoRun(
  rules: EffectiveTask,
  { person, pullRequest, task }: { person: Person; pullRequest: PullRequest; task: Task },
): string | undefined {
  const admission = mayRun(rules, person);
  if (!admission.allowed) return admission.reason;
  return whyNoFork(rules, pullRequest) ?? whyNotTaken(task.name, rules, task.parameters);
}

/** A click on one of the buttons of a check run. Who clicked is asked for, not assumed. */
export async function onCheckAction(context: Context, trigger: Action): Promise<void> {
  const task = await taskOf(context, trigger);
  if (trigger.identifier === actionIdentifiers.rerun) return runAnew(context, trigger, task);
  const decision = decisionOf(trigger.identifier, task);
  if (task === undefined || decision === undefined) return;
  const result = await decide(approvalContext(context), {
    task,
    decision,
    by: trigger.sender,
    via: 'button',
    cause: trigger.deliveryId,
    // GitHub does not say when somebody clicked.
    saidAtMs: trigger.receivedAtMs,
  });
  if (!result.allowed) await refuse(context, at(trigger, task), result.reason);
}

/**
 * What GitHub's own *Re-run* does, for a patch that waits; the new task supersedes it. A second click finds none:
 * what it would end is under way already.
 */
async function runAnew(context: Context, trigger: Action, task: Task | undefined): Promise<void> {
  if (task === undefined) return;
  const made = await context.store.tasks.get(taskIdFor(trigger.deliveryId, task.name));
  if (task.state !== 'awaiting-approval' && made === undefined) return;
  const { identifier: _, ...rest } = trigger;
  await onCheckRerequested(context, { ...rest, type: 'check-rerequested' });
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
