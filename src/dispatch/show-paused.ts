import { type TaskId, taskIdFor } from '../domain/ids.ts';
import { TaskState } from '../domain/task.ts';
import { PullRequestEvent } from '../policy/document/triggers.ts';
import { planUnrun } from '../report/plan-unrun.ts';
import { checkName } from './check-name.ts';
import type { Context } from './context.ts';
import { showUnrunOnce, type Unrun } from './show-unrun.ts';

type Paused = Pick<Unrun, 'repository' | 'pullRequest' | 'deliveryId'>;

const view = planUnrun({
  title: 'Paused',
  reason:
    'Somebody has paused this pull request, so nothing starts by itself. Comment /sallyport resume, or /sallyport review for this commit alone.',
  conclusion: 'action_required',
});
const step = 'paused';

/**
 * Concludes the checks of what would have started on this event, were it not for the pause: a required one would
 * be waited for without a word. A check that is there already is left as it is.
 */
export async function showPaused(
  context: Context,
  occasion: Paused & { readonly event: PullRequestEvent },
  names: readonly string[],
): Promise<void> {
  const { repository, pullRequest, event } = occasion;
  const { number, headSha } = pullRequest;
  const { repositoryId } = repository;
  const tasks = await context.store.tasks.ofPullRequest(repositoryId, number, TaskState.options);
  const known = tasks.filter((task) => task.headSha === headSha).map(({ name }) => name);
  for (const one of names.filter((name) => !known.includes(name))) {
    await showUnrunOnce(context, { ...occasion, name: checkName(context, one), view });
  }
  await context.store.steps.finish(keyOf(occasion, event), step, 'shown');
}

/** The events that something would have started on, on this head, but for a pause. */
export async function pausedEvents(
  context: Context,
  paused: Omit<Paused, 'deliveryId'>,
): Promise<readonly PullRequestEvent[]> {
  const events: PullRequestEvent[] = [];
  for (const event of PullRequestEvent.options) {
    const shown = await context.store.steps.find(keyOf(paused, event), step);
    if (shown !== undefined) events.push(event);
  }
  return events;
}

function keyOf(
  { repository, pullRequest }: Omit<Paused, 'deliveryId'>,
  event: PullRequestEvent,
): TaskId {
  const place = [repository.repositoryId, pullRequest.number, pullRequest.headSha, event];
  return taskIdFor(JSON.stringify(place), step);
}
