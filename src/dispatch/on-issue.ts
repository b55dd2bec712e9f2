import { readIssue } from '../approval/read-subject.ts';
import { DeliveryId } from '../domain/ids.ts';
import type { Trigger } from '../domain/trigger.ts';
import { issueStart } from '../policy/decide/triggers.ts';
import type { Context } from './context.ts';
import { createTask } from './create-task.ts';

/**
 * Starts the triage of an issue that somebody opened, where the policy starts it by itself. Anybody may open an issue:
 * what comes of it is labels and a first answer, within what the operator lets out. Bots start nothing: no loops.
 */
export async function onIssue(
  context: Context,
  { repository, number, sender, receivedAtMs }: Extract<Trigger, { type: 'issue-opened' }>,
): Promise<void> {
  if (sender.type !== 'User') return;
  const issue = await readIssue(context.github, repository, number);
  if (issue.state === 'closed') return;
  const reading = await context.policies.inForce({ repository, baseRef: issue.baseRef });
  // Pull requests tell of what is wrong with a policy; who opens an issue need not know of it.
  if (!reading.ok) return;
  const { loaded } = reading;
  // Not by the delivery: an issue is opened once.
  const cause = DeliveryId.parse(`issue-${repository.repositoryId}-${number}`);
  for (const name of Object.keys(loaded.policy.tasks)) {
    if (issueStart(loaded.policy, name, receivedAtMs).outcome === 'stays') continue;
    await createTask(context, {
      name,
      policy: loaded,
      repository,
      subjectKind: 'issue',
      pullRequest: issue,
      cause,
      requestedBy: sender,
      instructions: null,
      isAutomatic: true,
      held: false,
    });
  }
}
