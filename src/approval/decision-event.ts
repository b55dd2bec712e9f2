import type { Approval, Gate } from '../domain/approval.ts';
import type { DeliveryId, Digest } from '../domain/ids.ts';
import type { LedgerEvent } from '../domain/ledger-entry.ts';
import type { Actor, Permission } from '../domain/repository.ts';
import type { Task } from '../domain/task.ts';
import { bindingOf } from './binding.ts';

/** Somebody's decision on a waiting task. */
export interface DecisionRequest {
  readonly task: Task;
  readonly decision: 'approve' | 'reject';
  readonly by: Actor;
  readonly via: Approval['via'];
  readonly cause: DeliveryId;
  /** When it was taken at the latest, epoch ms: what came after it was not looked at. */
  readonly saidAtMs: number;
}

/** The gate, the permission that the decider had, and the task as the decision has it. */
export interface DecidedAt {
  readonly gate: Gate;
  readonly role: Permission;
  /** Under the policy by which it goes on; the request has it as it waited. */
  readonly task: Task;
  /** Title and text that the agent of an approved run is given; null: it reads neither. */
  readonly subjectDigest?: Digest | null;
}

/** The row of the ledger that tells who decided what, and under which policy the task had waited if another. */
export function decisionEvent(
  { task: waited, decision, by, via, cause }: DecisionRequest,
  { gate, role, task, subjectDigest }: DecidedAt,
): LedgerEvent {
  const binding = bindingOf(task, gate);
  const before = waited.policyDigest === task.policyDigest ? {} : { before: waited.policyDigest };
  const subject = subjectDigest === undefined ? {} : { subjectDigest };
  return {
    type: `gate.${gate}.${decision === 'approve' ? 'approved' : 'rejected'}`,
    taskId: task.id,
    data: {
      by: by.id,
      login: by.login,
      role,
      via,
      deliveryId: cause,
      binding,
      ...before,
      ...subject,
    },
  };
}
