import { taskIdFor } from '../domain/ids.ts';
import type { Trigger } from '../domain/trigger.ts';
import { planGroup } from '../report/plan-group.ts';
import type { Context } from './context.ts';
import { type NamedStanding, standingsOf } from './group-standings.ts';

type Group = Pick<
  Extract<Trigger, { type: 'merge-group' }>,
  'deliveryId' | 'repository' | 'headSha' | 'pullRequest'
>;

const mark = 'merge-group-';

/** What a merge group is for, from the external id of its check run; undefined for any other run. */
export function groupOf(externalId: string): Pick<Group, 'pullRequest'> | undefined {
  if (!externalId.startsWith(mark)) return undefined;
  const number = Number(externalId.slice(mark.length));
  return { pullRequest: Number.isSafeInteger(number) && number > 0 ? number : null };
}

/**
 * Concludes the required checks on the commit of a merge group, each in the request that makes it: a queue waits for
 * nothing that could hang. The commit is not examined again; a check says what the newest check of its name on the
 * pull request says at this moment, and everything but a pass fails. `again` makes new runs, for a re-run.
 */
export async function onMergeGroup(
  context: Context,
  group: Group,
  when: 'first' | 'again' = 'first',
): Promise<void> {
  const { repository, headSha, deliveryId } = group;
  const { steps } = context.store;
  // Two deliveries of one group are one group; a re-run is one for each press of the button.
  const cause = when === 'first' ? `group ${repository.repositoryId} ${headSha}` : deliveryId;
  const key = taskIdFor(cause, 'merge-group');
  if ((await steps.find(key, 'all')) !== undefined) return;
  for (const named of await standingsOf(context, repository, group.pullRequest)) {
    const step = `check-run ${named.name}`;
    const begun = await steps.begin(key, step);
    if (begun.status === 'done') continue;
    const isLookedUp = when === 'first' && begun.status === 'begun';
    const found = isLookedUp ? await runOf(context, group, named.name) : undefined;
    await steps.finish(key, step, String(found ?? (await conclude(context, group, named))));
  }
  await steps.finish(key, 'all', 'done');
}

/** All of a group's runs have one external id: their names tell them apart. */
async function runOf(
  context: Context,
  { repository, headSha, pullRequest }: Group,
  name: string,
): Promise<number | undefined> {
  const runs = await context.github.checkRuns.list(repository, headSha);
  const externalId = `${mark}${pullRequest ?? 0}`;
  return runs.find((run) => run.name === name && run.externalId === externalId)?.id;
}

async function conclude(
  context: Context,
  { repository, headSha, pullRequest, deliveryId }: Group,
  { name, standing }: NamedStanding,
): Promise<number> {
  const { state, output } = planGroup(standing);
  const externalId = `${mark}${pullRequest ?? 0}`;
  const run = { name, headSha, externalId, state, output };
  const checkRunId = await context.github.checkRuns.create(repository, run);
  const data = { deliveryId, headSha, checkRunId, name, ...standing };
  await context.ledger.append({ type: 'merge-group.concluded', taskId: null, data });
  return checkRunId;
}
