import type { Task } from '../domain/task.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { Report } from '../report/plan-report.ts';
import { goneCodes, unlessRefused } from '../report/publish.ts';
import type { Context } from './context.ts';
import { isOvertaken } from './is-overtaken.ts';
import { tell } from './reply.ts';

/**
 * Says the result in the App's one comment of the conversation as well, where the policy asks for that: once for each
 * task name, in place of what it said before. A conversation that takes no word keeps nothing from its check.
 */
export async function showSummary(
  context: Context,
  { task, rules }: { readonly task: Task; readonly rules: EffectiveTask },
  { verdict }: Report,
): Promise<void> {
  if (task.kind !== 'review' || rules.review.summaryComment === 'none') return;
  // An older one that is shown again says nothing of the head as it is.
  if (await isOvertaken(context.store, task)) return;
  const { repository, pullRequest: number, cause: deliveryId, requestedBy: sender } = task;
  const place = { repository, number, threadId: null, commentId: null };
  const onceKey = `summary-${repository.repositoryId}-${number}-${task.name}`;
  const text = `**${task.name}** at \`${task.headSha.slice(0, 7)}\`: ${verdict}`;
  await unlessRefused(goneCodes, () =>
    tell(context, { ...place, deliveryId, sender, onceKey }, text),
  );
}
