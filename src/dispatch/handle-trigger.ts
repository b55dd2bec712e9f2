import type { Trigger } from '../domain/trigger.ts';
import type { Context } from './context.ts';
import { onCheckAction, onCheckRerequested } from './on-check.ts';
import { onComment } from './on-comment.ts';
import { onPullRequest } from './on-pull-request.ts';

/** Plans what one delivery asks for. Safe to run again for the same delivery: it then changes nothing. */
export async function handleTrigger(context: Context, trigger: Trigger): Promise<void> {
  await context.ledger.append({
    type: 'delivery.taken',
    taskId: null,
    data: {
      deliveryId: trigger.deliveryId,
      event: trigger.type,
      repositoryId: trigger.repository.repositoryId,
      sender: trigger.sender.id,
    },
  });
  switch (trigger.type) {
    case 'pull-request':
      return onPullRequest(context, trigger);
    case 'comment':
      return onComment(context, trigger);
    case 'check-rerequested':
      return onCheckRerequested(context, trigger);
    case 'check-action':
      return onCheckAction(context, trigger);
  }
}
