import { z } from 'zod';
import { type TaskId, taskIdFor } from '../domain/ids.ts';
import type { CheckView } from '../report/plan-state.ts';
import { planUnrun } from '../report/plan-unrun.ts';
import type { Context } from './context.ts';
import { showUnrun, type Unrun } from './show-unrun.ts';

/** Why a task was not let start, and what its check says. */
const Refusal = z.strictObject({
  reason: z.string(),
  conclusion: z.enum(['failure', 'action_required']),
});
export type Refusal = z.infer<typeof Refusal>;

type Place = Omit<Unrun, 'view'>;

const step = 'refused';

/** Shows that a task was not let start on this head, and remembers it: nothing less may stand over it. */
export async function showRefused(context: Context, place: Place, refusal: Refusal): Promise<void> {
  await context.store.steps.finish(keyOf(place), step, JSON.stringify(refusal));
  await showUnrun(context, { ...place, view: viewOf(refusal) });
}

/** The check of a refusal on this head, under this name, if there was one. */
export async function refusedView(context: Context, place: Place): Promise<CheckView | undefined> {
  const kept = await context.store.steps.find(keyOf(place), step);
  return kept === undefined ? undefined : viewOf(Refusal.parse(JSON.parse(kept)));
}

function viewOf(refusal: Refusal): CheckView {
  return planUnrun({ title: 'Not started', ...refusal });
}

function keyOf({ repository, pullRequest, name }: Place): TaskId {
  const place = [repository.repositoryId, pullRequest.number, pullRequest.headSha, name];
  return taskIdFor(JSON.stringify(place), step);
}
