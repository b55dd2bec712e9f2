import type { Approval, Gate } from '../domain/approval.ts';
import type { DeliveryId } from '../domain/ids.ts';
import type { LedgerEvent } from '../domain/ledger-entry.ts';
import type { Actor, Permission } from '../domain/repository.ts';
import type { Task } from '../domain/task.ts';
import { type Decision, mayApprove, mayRun } from '../policy/admission.ts';
import type { Policy } from '../policy/schema.ts';
import { bindingOf, voidedBy } from './binding.ts';
import type { ApprovalContext } from './context.ts';

/** Somebody's decision on a waiting task. */
export interface DecisionRequest {
  readonly task: Task;
  readonly decision: 'approve' | 'reject';
  readonly by: Actor;
  readonly via: Approval['via'];
  readonly cause: DeliveryId;
}

/**
 * Takes a decision at the gate where the task waits. The permission is read now, the binding is compared
 * with the pull request as it is now, and only then the decision is recorded and the task moved.
 */
export async function decide(
  context: ApprovalContext,
  request: DecisionRequest,
): Promise<Decision> {
  const { task, by } = request;
  const gate = gateOf(task);
  if (gate === undefined && (await isDecided(context, request))) return { allowed: true };
  if (gate === undefined) return no(`Task \`${task.id}\` is not waiting for a decision.`);
  const role = await context.github.permissions.of(task.repository, by.login);
  const may = mayDecide(context.policy.policy, request, { gate, role });
  if (!may.allowed) return may;
  const binding = bindingOf(task, gate);
  const voided = request.decision === 'approve' ? await voidNow(context, task, gate) : undefined;
  if (voided !== undefined) {
    return no(`This approval would not hold: ${voided}. Ask for the ${task.kind} again.`);
  }
  await context.store.approvals.add({
    taskId: task.id,
    gate,
    decision: request.decision,
    binding,
    by,
    role,
    via: request.via,
    atMs: context.clock.nowMs(),
  });
  return move(context, request, { gate, role });
}

/** Why an approval of `task` would be void right now, or undefined. */
async function voidNow(
  context: ApprovalContext,
  task: Task,
  gate: Gate,
): Promise<string | undefined> {
  const pullRequest = await context.github.pullRequests.get(task.repository, task.pullRequest);
  return voidedBy(bindingOf(task, gate), {
    repositoryId: task.repository.repositoryId,
    pullRequest: pullRequest.number,
    headSha: pullRequest.headSha,
    baseSha: pullRequest.baseSha,
    policyDigest: context.policy.digest,
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
  policy: Policy,
  { task, by }: DecisionRequest,
  { gate, role }: { readonly gate: Gate; readonly role: Permission },
): Decision {
  if (by.type !== 'User') return no('Only people decide at a gate.');
  if (gate === 'run') return mayRun(policy, role);
  return mayApprove(policy, role, { isRequester: task.requestedBy.id === by.id });
}

/** Moves the task by what was decided. The decision that moves it is the one in the ledger. */
async function move(
  context: ApprovalContext,
  request: DecisionRequest,
  at: { readonly gate: Gate; readonly role: Permission },
): Promise<Decision> {
  const { task, decision } = request;
  const approved = at.gate === 'run' ? 'queued' : 'applying';
  const to = decision === 'reject' ? 'cancelled' : approved;
  const reason = decision === 'reject' ? `gate:${at.gate}:rejected` : null;
  const patch = { reason, checkConcluded: false };
  const tell = () => decisionEvent(request, at);
  const moved = await context.store.tasks.transition(task.id, [task.state], to, patch, tell);
  if (moved === undefined) return no('Somebody else decided first.');
  await context.decided(moved);
  return { allowed: true };
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

function no(reason: string): Decision {
  return { allowed: false, reason };
}
