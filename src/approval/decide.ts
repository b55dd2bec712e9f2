import type { Approval, Gate } from '../domain/approval.ts';
import type { DeliveryId } from '../domain/ids.ts';
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
  await context.ledger.append({
    type: `gate.${gate}.${request.decision === 'approve' ? 'approved' : 'rejected'}`,
    taskId: task.id,
    data: {
      by: by.id,
      login: by.login,
      role,
      via: request.via,
      deliveryId: request.cause,
      binding,
    },
  });
  return move(context, request, gate);
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

async function move(
  context: ApprovalContext,
  { task, decision }: DecisionRequest,
  gate: Gate,
): Promise<Decision> {
  const from = [task.state];
  const { tasks } = context.store;
  const moved =
    decision === 'reject'
      ? await tasks.transition(task.id, from, 'cancelled', {
          reason: `gate:${gate}:rejected`,
          checkConcluded: false,
        })
      : await tasks.transition(task.id, from, gate === 'run' ? 'queued' : 'applying', {
          checkConcluded: false,
        });
  if (moved === undefined) return no('Somebody else decided first.');
  await context.decided(moved);
  return { allowed: true };
}

function no(reason: string): Decision {
  return { allowed: false, reason };
}
