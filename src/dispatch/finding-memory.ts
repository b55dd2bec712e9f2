import type { Task } from '../domain/task.ts';
import type { PullRequestKey } from '../ports/pull-request-key.ts';
import type { PublishPlan } from '../report/inline/publish-plan.ts';
import type { Context } from './context.ts';

/** The pull request of a task, as its findings are kept by. */
export function pullRequestOf({ repository, pullRequest }: Task): PullRequestKey {
  return { repositoryId: repository.repositoryId, number: pullRequest };
}

/** Positions of the findings that somebody who may approve has dismissed by now. */
export async function readWaived(
  { store }: Context,
  task: Task,
  { ids }: PublishPlan,
): Promise<ReadonlySet<number>> {
  const records = await store.findings.ofPullRequest(pullRequestOf(task), task.name);
  const waived = new Set(records.filter((one) => one.dismissal?.waives).map(({ id }) => id));
  return new Set(ids.flatMap((id, at) => (waived.has(id) ? [at] : [])));
}

/** Findings whose comments GitHub did not take stand in the check alone: another time they may have a place. */
export async function forgetPlaces(
  { store }: Context,
  task: Task,
  refused: readonly string[],
): Promise<void> {
  const key = pullRequestOf(task);
  const records = await store.findings.ofPullRequest(key, task.name);
  const unshown = records.filter(({ id }) => refused.includes(id));
  await store.findings.put(
    key,
    task.name,
    unshown.map((record) => ({ ...record, place: 'check' })),
  );
}
