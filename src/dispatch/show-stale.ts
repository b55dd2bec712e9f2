import { type DeliveryId, TaskId } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { OwnCheckRun } from '../ports/check-runs.ts';
import type { PullRequest } from '../ports/github.ts';
import { planUnrun } from '../report/plan-unrun.ts';
import { isPass } from '../report/shared-head.ts';
import { dropBase, isOfOtherBase, isOnOtherBase } from './base-branch.ts';
import type { Context } from './context.ts';
import { numberBehind } from './foreign-check.ts';
import { showUnrun } from './show-unrun.ts';
import { keyBehind } from './unrun-id.ts';

/** An open pull request after something happened to it, and what was to start has started. */
export interface Settled {
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
 * Takes the word back of each check that the head got on another base, where a change may hide, and that nothing
 * has replaced: whatever told of the new base, and whyever nothing started on it.
 */
export async function showStale(context: Context, settled: Settled): Promise<void> {
  for (const run of await newestOf(context, settled)) {
    if (!(await isOfOldBase(context, run, settled.pullRequest))) continue;
    const task = TaskId.safeParse(run.externalId);
    // Back on its base it is still covered, and another has to start.
    if (task.success) await dropBase(context, task.data);
    await showUnrun(context, { ...settled, name: run.name, view });
  }
}

/** Of each name the newest run on the head that is of this pull request. */
async function newestOf(
  context: Context,
  { repository, pullRequest }: Settled,
): Promise<readonly OwnCheckRun[]> {
  const { number, headSha } = pullRequest;
  const newest = new Map<string, OwnCheckRun>();
  for (const run of await context.github.checkRuns.list(repository, headSha)) {
    if (newest.has(run.name) || (await numberBehind(context, run)) !== number) continue;
    newest.set(run.name, run);
  }
  return [...newest.values()];
}

/** A task's run may yet be written again as a pass; one without a task stays what it is. */
async function isOfOldBase(
  context: Context,
  { externalId, conclusion }: OwnCheckRun,
  pullRequest: PullRequest,
): Promise<boolean> {
  const key = keyBehind(externalId);
  if (key !== undefined)
    return isPass(conclusion) && (await isOfOtherBase(context, key, pullRequest));
  const task = await context.store.tasks.get(TaskId.parse(externalId));
  return task !== undefined && (await isOnOtherBase(context, task, pullRequest));
}
