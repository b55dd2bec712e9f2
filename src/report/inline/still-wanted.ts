import type { FindingRecord } from '../../domain/finding-record.ts';
import type { TaskId } from '../../domain/ids.ts';
import type { PublishPlan } from './publish-plan.ts';
import type { Upkeep } from './upkeep.ts';

/**
 * What is left to be done of a plan, by what is known of its findings now: people may have dismissed one since, and
 * where it is carried out late a newer review may have seen that it is gone, or that it is back.
 */
export function stillWanted(
  plan: PublishPlan,
  records: readonly FindingRecord[],
  taskId: TaskId,
): PublishPlan {
  const recordOf = new Map(records.map((record) => [record.id, record]));
  const isOpen = ({ id }: { readonly id: string }) => recordOf.get(id)?.state === 'open';
  const isWanted = ({ id, move }: Upkeep): boolean => {
    const { state, lastTask } = recordOf.get(id) ?? {};
    if (move === 'resolve' || move === 'resolve-or-fold') return state === 'fixed';
    return state === 'open' && (move === 'unresolve' || lastTask === taskId);
  };
  return {
    ...plan,
    comments: plan.comments.filter(isOpen),
    fileComments: plan.fileComments.filter(isOpen),
    upkeep: plan.upkeep.filter(isWanted),
  };
}
