import type { Trigger } from '../domain/trigger.ts';
import type { Context } from './context.ts';
import { onAccessLost, onAccessReturned, onRepositoryMoved } from './on-access.ts';
import { onCheckAction } from './on-check.ts';
import { onComment } from './on-comment.ts';
import { onIssue } from './on-issue.ts';
import { onMergeGroup } from './on-merge-group.ts';
import { onPullRequest } from './on-pull-request.ts';
import { onRerequested, onSuiteRerequested } from './on-rerequested.ts';
import { letOthersFirst, onSuiteRequested } from './on-suite-requested.ts';

/** Plans what one delivery asks for. Safe to run again for the same delivery: it then changes nothing. @throws Postponed */
export async function handleTrigger(context: Context, trigger: Trigger): Promise<void> {
  if (trigger.type === 'suite-requested') letOthersFirst(context, trigger);
  await context.ledger.append({
    type: 'delivery.taken',
    taskId: null,
    data: {
      deliveryId: trigger.deliveryId,
      event: trigger.type,
      repositoryId: 'repository' in trigger ? trigger.repository.repositoryId : null,
      // Null where no person asks for anything.
      sender: 'sender' in trigger ? trigger.sender.id : null,
    },
  });
  switch (trigger.type) {
    case 'pull-request':
      return onPullRequest(context, trigger);
    case 'comment':
      return onComment(context, trigger);
    case 'issue-opened':
      return onIssue(context, trigger);
    case 'check-rerequested':
      return onRerequested(context, trigger);
    case 'suite-rerequested':
      return onSuiteRerequested(context, trigger);
    case 'suite-requested':
      return onSuiteRequested(context, trigger);
    case 'check-action':
      return onCheckAction(context, trigger);
    case 'merge-group':
      return onMergeGroup(context, trigger);
    case 'repository-moved':
      return onRepositoryMoved(context, trigger);
    case 'access-lost':
      return onAccessLost(context, trigger);
    case 'access-returned':
      return onAccessReturned(context, trigger);
  }
}
