import type { DeliveryId } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import { TaskState } from '../domain/task.ts';
import type { PullRequest } from '../ports/github.ts';
import { planUnrun } from '../report/plan-unrun.ts';
import { checkName } from './check-name.ts';
import type { Context } from './context.ts';
import { showUnrun } from './show-unrun.ts';

/** A pull request that goes into another branch now, where nothing starts by itself. */
export interface Retargeted {
  readonly repository: RepositoryRef;
  readonly pullRequest: PullRequest;
  readonly deliveryId: DeliveryId;
}

const view = planUnrun({
  title: 'Not started on the new base',
  reason:
    'What was checked is another difference: the pull request goes into another branch now, and nothing started by itself. Comment /sallyport review, or /sallyport resume where it is paused.',
  conclusion: 'action_required',
});

/**
 * Takes a check's word back that a head got on another base, where a change may hide. Does nothing for a head
 * that had none.
 * @param task by its name; every task of the head unless given
 * @returns whether there was anything to take back
 */
export async function showStale(
  context: Context,
  { repository, pullRequest, deliveryId }: Retargeted,
  task?: string,
): Promise<boolean> {
  const { number, headSha } = pullRequest;
  const { repositoryId } = repository;
  const tasks = await context.store.tasks.ofPullRequest(repositoryId, number, TaskState.options);
  const names = new Set(
    tasks
      .filter((one) => one.headSha === headSha && (task === undefined || one.name === task))
      .map(({ name }) => name),
  );
  for (const one of names) {
    const name = checkName(context, one);
    await showUnrun(context, { repository, pullRequest, deliveryId, name, view });
  }
  return names.size > 0;
}
