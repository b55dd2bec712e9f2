import { DeliveryId, taskIdFor } from '../domain/ids.ts';
import { isEnded, type Task } from '../domain/task.ts';
import type { Trigger } from '../domain/trigger.ts';
import type { Context } from './context.ts';
import { onCheckRerequested } from './on-check.ts';
import { groupOf, onMergeGroup } from './on-merge-group.ts';
import { onPullRequest } from './on-pull-request.ts';
import { showAgain } from './show-again.ts';

type Rerequested = Extract<Trigger, { type: 'check-rerequested' }>;
type SuiteRerequested = Extract<Trigger, { type: 'suite-rerequested' }>;

/**
 * *Re-run* of one check. GitHub has cleared the conclusion of the suite by then and leaves the run as it is
 * (docs.github.com, using the REST API to interact with checks): where no new task comes of it, because the
 * person may not or the pull request is closed, the old run is written again.
 */
export async function onRerequested(context: Context, trigger: Rerequested): Promise<void> {
  const group = groupOf(trigger.externalId);
  if (group !== undefined) return onMergeGroup(context, { ...trigger, ...group }, 'again');
  await onCheckRerequested(context, trigger);
  const [task] = (
    await context.store.tasks.ofHead(trigger.repository.repositoryId, trigger.headSha)
  ).filter(({ id, checkRunId }) => id === trigger.externalId && checkRunId === trigger.checkRunId);
  if (task === undefined) return;
  const again = await context.store.tasks.get(taskIdFor(trigger.deliveryId, task.name));
  if (again === undefined) await showAgain(context, task, trigger.deliveryId);
}

/**
 * *Re-run all checks* of a commit. Which pull requests it is about is looked up in our own record: GitHub
 * names none where the head is in a fork, and several may have this head.
 */
export async function onSuiteRerequested(
  context: Context,
  trigger: SuiteRerequested,
): Promise<void> {
  const { repository, headSha } = trigger;
  const tasks = newestOfEach(await context.store.tasks.ofHead(repository.repositoryId, headSha));
  for (const task of tasks) await rerun(context, trigger, task);
  if (tasks.length > 0) return;
  const runs = await context.github.checkRuns.list(repository, headSha);
  const groups = runs.map(({ externalId }) => groupOf(externalId));
  const group = groups.find((one) => one !== undefined);
  if (group !== undefined) return onMergeGroup(context, { ...trigger, ...group }, 'again');
  for (const number of trigger.pullRequests) {
    const { deliveryId, sender, receivedAtMs } = trigger;
    const asPush = { type: 'pull-request', action: 'synchronize', isDerived: true } as const;
    const one = { deliveryId: forOne(deliveryId, number), repository, sender, receivedAtMs };
    await onPullRequest(context, { ...one, ...asPush, number, headSha });
  }
}

async function rerun(context: Context, trigger: SuiteRerequested, task: Task): Promise<void> {
  const { headSha, repository, sender, receivedAtMs } = trigger;
  const { checkRunId } = task;
  const deliveryId = forOne(trigger.deliveryId, task.pullRequest);
  // What is under way will show its end; a patch that waits for a decision is not thrown away.
  if (!isEnded(task.state) || checkRunId === null) {
    return showAgain(context, task, deliveryId);
  }
  const one = { deliveryId, repository, sender, receivedAtMs, headSha, checkRunId };
  await onRerequested(context, { ...one, type: 'check-rerequested', externalId: task.id });
}

/** One cause for each pull request: of one cause and one name there is one task. */
function forOne(deliveryId: DeliveryId, number: number): DeliveryId {
  return DeliveryId.parse(`${deliveryId}-${number}`);
}

/** The newest task of each name of each pull request, of tasks that come newest first. */
function newestOfEach(tasks: readonly Task[]): readonly Task[] {
  const seen = new Map<string, Task>();
  for (const task of tasks) {
    const key = `${task.pullRequest} ${task.name}`;
    if (!seen.has(key)) seen.set(key, task);
  }
  return [...seen.values()];
}
