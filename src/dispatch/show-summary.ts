import type { Task } from '../domain/task.ts';
import type { EffectiveTask } from '../policy/effective-policy.ts';
import type { Report } from '../report/plan-report.ts';
import type { Context } from './context.ts';
import { isOvertaken } from './is-overtaken.ts';
import { tellOfTask } from './tell-of-task.ts';

/**
 * Says the result in the App's one comment of the conversation as well, where the policy asks for that: once for each
 * task name, in place of what it said before.
 */
export async function showSummary(
  context: Context,
  { task, rules }: { readonly task: Task; readonly rules: EffectiveTask },
  { verdict }: Report,
): Promise<void> {
  if (task.kind !== 'review' || rules.review.summaryComment === 'none') return;
  // An older one that is shown again says nothing of the head as it is.
  if (await isOvertaken(context.store, task)) return;
  const { repository, pullRequest, name, headSha } = task;
  const onceKey = `summary-${repository.repositoryId}-${pullRequest}-${name}`;
  const text = `**${name}** at \`${headSha.slice(0, 7)}\`: ${verdict}`;
  await tellOfTask(context, task, { onceKey, text });
}
