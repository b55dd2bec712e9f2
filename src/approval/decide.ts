import type { Approval, Gate } from '../domain/approval.ts';
import type { DeliveryId } from '../domain/ids.ts';
import type { LedgerEvent } from '../domain/ledger-entry.ts';
import type { Actor, Permission } from '../domain/repository.ts';
import type { Task } from '../domain/task.ts';
import { mayApprove, mayRun, whyNoFork } from '../policy/decide/people.ts';
import type { Person, Verdict } from '../policy/decide/person.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { PullRequest } from '../ports/github.ts';
import { bindingOf, voidedBy } from './binding.ts';
import type { ApprovalContext } from './context.ts';
import { type PresentRules, presentRules } from './present-rules.ts';
import { readPerson } from './read-person.ts';

/** Somebody's decision on a waiting task. */
export interface DecisionRequest {
  readonly task: Task;
  readonly decision: 'approve' | 'reject';
  readonly by: Actor;
  readonly via: Approval['via'];
  readonly cause: DeliveryId;
}

/**
 * Takes a decision at the gate where the task waits. The policy and the permission are read now, the binding
 * is compared with the pull request as it is now, and only then the decision is recorded and the task moved.
 */
export async function decide(context: ApprovalContext, request: DecisionRequest): Promise<Verdict> {
  const { task, by } = request;
  const gate = gateOf(task);
  if (gate === undefined && (await isDecided(context, request))) return yes;
  if (gate === undefined) return no(`Task \`${task.id}\` is not waiting for a decision.`);
  if (by.type !== 'User') return no('Only people decide at a gate.');
  const pullRequest = await context.github.pullRequests.get(task.repository, task.pullRequest);
  const present = await presentRules(context, task, pullRequest);
  if (!present.ok) return no(present.reason);
  const who = { repository: task.repository, who: by, pullRequest };
  const person = await readPerson(context.github, who);
  const may = mayDecide(present.rules, request, { gate, person });
  if (!may.allowed) return may;
  const refusal = whyNoFork(present.rules, pullRequest);
  if (refusal !== undefined && gate === 'run' && request.decision === 'approve') return no(refusal);
  const voided =
    request.decision === 'approve' ? whyVoid(task, gate, { pullRequest, present }) : undefined;
  if (voided !== undefined) {
    return no(`This approval would not hold: ${voided}. Ask for the ${task.name} again.`);
  }
  const role = person.permission;
  await record(context, request, { gate, role });
  return move(context, request, { gate, role });
}

/** Why an approval of `task` would be void right now, or undefined. */
function whyVoid(
  task: Task,
  gate: Gate,
  now: { readonly pullRequest: PullRequest; readonly present: Pick<PresentRules, 'loaded'> },
): string | undefined {
  const { pullRequest, present } = now;
  return voidedBy(bindingOf(task, gate), {
    repositoryId: task.repository.repositoryId,
    pullRequest: pullRequest.number,
    headSha: pullRequest.headSha,
    baseSha: pullRequest.baseSha,
    policyDigest: present.loaded.digest,
    patchDigest: gate === 'write' ? task.patchDigest : null,
    isOpen: pullRequest.state === 'open',
  });
}

/** A second click, or a delivery that is handled again: the same person has decided just so already. */
async function isDecided(context: ApprovalContext, request: DecisionRequest): Promise<boolean> {
  const approvals = await context.store.approvals.ofTask(request.task.id);
  const last = approvals.at(-1);
  return last?.by.id === request.by.id && last.decision === request.decision;
}

/** The gate at which a task waits; undefined when it waits for nobody. */
function gateOf(task: Task): Gate | undefined {
  if (task.state === 'awaiting-run-approval') return 'run';
  return task.state === 'awaiting-approval' ? 'write' : undefined;
}

function mayDecide(
  rules: EffectiveTask,
  { task, by }: DecisionRequest,
  { gate, person }: { readonly gate: Gate; readonly person: Person },
): Verdict {
  if (gate === 'run') return mayRun(rules, person);
  return mayApprove(rules, person, { isRequester: task.requestedBy.id === by.id });
}

async function record(
  context: ApprovalContext,
  { task, decision, by, via }: DecisionRequest,
  { gate, role }: { readonly gate: Gate; readonly role: Permission },
): Promise<void> {
  const binding = bindingOf(task, gate);
  const atMs = context.clock.nowMs();
  const taskId = task.id;
  await context.store.approvals.add({ taskId, gate, decision, binding, by, role, via, atMs });
}

/** Moves the task by what was decided. The decision that moves it is the one in the ledger. */
async function move(
  context: ApprovalContext,
  request: DecisionRequest,
  at: { readonly gate: Gate; readonly role: Permission },
): Promise<Verdict> {
  const { task, decision } = request;
  const approved = at.gate === 'run' ? 'queued' : 'applying';
  const to = decision === 'reject' ? 'cancelled' : approved;
  const reason = decision === 'reject' ? `gate:${at.gate}:rejected` : null;
  const patch = { reason, checkConcluded: false };
  const tell = () => decisionEvent(request, at);
  const moved = await context.store.tasks.transition(task.id, [task.state], to, patch, tell);
  if (moved === undefined) return no('Somebody else decided first.');
  await context.decided(moved);
  return yes;
}

function decisionEvent(
  { task, decision, by, via, cause }: DecisionRequest,
  { gate, role }: { readonly gate: Gate; readonly role: Permission },
): LedgerEvent {
  const binding = bindingOf(task, gate);
  return {
    type: `gate.${gate}.${decision === 'approve' ? 'approved' : 'rejected'}`,
    taskId: task.id,
    data: { by: by.id, login: by.login, role, via, deliveryId: cause, binding },
  };
}

const yes: Verdict = { allowed: true, reason: 'It is decided.' };

function no(reason: string): Verdict {
  return { allowed: false, reason };
}
