import type { Approval } from '../domain/approval.ts';
import type { TaskId } from '../domain/ids.ts';
import type { ApprovalContext } from './context.ts';

/** Every yes to the patch of a task, in the order in which they were given. */
export async function writeApprovals(
  { store }: Pick<ApprovalContext, 'store'>,
  taskId: TaskId,
): Promise<readonly Approval[]> {
  const all = await store.approvals.ofTask(taskId);
  return all.filter(({ gate, decision }) => gate === 'write' && decision === 'approve');
}
