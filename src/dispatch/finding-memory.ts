import type { FindingRecord } from '../domain/finding-record.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import { waivedIn } from '../domain/waiver.ts';
import type { PullRequestKey } from '../ports/pull-request-key.ts';
import type { PublishPlan } from '../report/inline/publish-plan.ts';
import type { Context } from './context.ts';
import { readWaivers } from './waivers.ts';

/** The pull request of a task, as its findings are kept by. */
export function pullRequestOf({ repository, pullRequest }: Task): PullRequestKey {
  return { repositoryId: repository.repositoryId, number: pullRequest };
}

/**
 * Lets what plans from the findings of a pull request, and what is done by such a plan, happen one after the other over
 * all processes: a plan made while another is half carried out takes what is not there yet for what people removed.
 */
export function inFindingsTurn<T>(
  { turns }: Pick<Context, 'turns'>,
  { repository, pullRequest }: Task,
  work: () => Promise<T>,
): Promise<T> {
  return turns.take(`findings ${repository.repositoryId} ${pullRequest}`, work);
}

/** What is known of the findings of the task's name by now. */
export function readRecords({ store }: Context, task: Task): Promise<readonly FindingRecord[]> {
  return store.findings.ofPullRequest(pullRequestOf(task), task.name);
}

/** Positions of the findings that somebody who may approve has dismissed by now, as they are in this outcome. */
export async function readWaived(
  context: Context,
  { task, outcome }: { readonly task: Task; readonly outcome: Outcome },
  { ids }: PublishPlan,
): Promise<ReadonlySet<number>> {
  const records = await readRecords(context, task);
  return waivedIn(outcome, ids, await readWaivers(context.store, pullRequestOf(task), records));
}

const forgottenStep = 'places';

/**
 * Findings whose comments GitHub did not take stand in the check alone: another time they may have a place. Once for each
 * task: where it is shown again later, a newer review may have put them there. To be done in the findings' turn.
 */
export async function forgetPlaces(
  context: Context,
  task: Task,
  refused: readonly string[],
): Promise<void> {
  const { findings, steps } = context.store;
  if (refused.length === 0 || (await steps.find(task.id, forgottenStep)) !== undefined) return;
  const records = await readRecords(context, task);
  const unshown = records.filter(({ id }) => refused.includes(id));
  await findings.put(
    pullRequestOf(task),
    task.name,
    unshown.map((record) => ({ ...record, place: 'check' })),
  );
  await steps.keep(task.id, forgottenStep, 'forgotten');
}
