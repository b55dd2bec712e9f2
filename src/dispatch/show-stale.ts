import type { DeliveryId } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import { TaskState } from '../domain/task.ts';
import type { PullRequest } from '../ports/github.ts';
import { planUnrun } from '../report/plan-unrun.ts';
import { isPass } from '../report/shared-head.ts';
import { checkName } from './check-name.ts';
import type { Context } from './context.ts';
import { showUnrun } from './show-unrun.ts';
import { pullRequestBehind } from './unrun-id.ts';

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
 * Takes the word of checks back that passed because there was nothing to do: with another base there may be.
 * @param only the name of the check run; every one of the head unless given
 */
export async function showStaleSkips(
  context: Context,
  { repository, pullRequest, deliveryId }: Retargeted,
  only?: string,
): Promise<void> {
  const { number, headSha } = pullRequest;
  const runs = await context.github.checkRuns.list(repository, headSha);
  const newest = new Map(runs.toReversed().map((run) => [run.name, run]));
  for (const { name, externalId, conclusion } of newest.values()) {
    const isSkip = pullRequestBehind(externalId) === number && isPass(conclusion);
    if (!isSkip || (only !== undefined && name !== only)) continue;
    await showUnrun(context, { repository, pullRequest, deliveryId, name, view });
  }
}

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
