import { type TaskId, taskIdFor } from '../domain/ids.ts';
import { planUnrun } from '../report/plan-unrun.ts';
import { isPass } from '../report/shared-head.ts';
import type { Context } from './context.ts';
import { hasForeignCheck } from './foreign-check.ts';
import { showUnrunOnce, type Unrun } from './show-unrun.ts';

type Place = Omit<Unrun, 'view'>;

const step = 'draft';

/**
 * Says that a draft starts nothing yet, with a conclusion that lets nothing through; GitHub merges no draft. Not
 * over the check of another pull request with this head: anybody could hold that one up with a draft.
 */
export async function showDraft(context: Context, place: Place, rule: string): Promise<void> {
  if (await hasForeignCheck(context, place)) return;
  const view = planUnrun({
    title: 'Starts when ready for review',
    reason: 'A draft does not start it.',
    rule,
    conclusion: 'action_required',
  });
  await showUnrunOnce(context, { ...place, view });
  await context.store.steps.finish(keyOf(place), step, 'shown');
}

/** Is the newest check of this name on the head one that does not pass, and not just a draft's? */
export async function isCoveringFailure(context: Context, place: Place): Promise<boolean> {
  const { repository, pullRequest, name } = place;
  const runs = await context.github.checkRuns.list(repository, pullRequest.headSha);
  const newest = runs.find((run) => run.name === name);
  if (newest === undefined || isPass(newest.conclusion)) return false;
  const isDrafts = newest.conclusion === 'action_required';
  return !isDrafts || (await context.store.steps.find(keyOf(place), step)) === undefined;
}

function keyOf({ repository, pullRequest, name }: Place): TaskId {
  const place = [repository.repositoryId, pullRequest.number, pullRequest.headSha, name];
  return taskIdFor(JSON.stringify(place), step);
}
