import { type DeliveryId, taskIdFor } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { Trigger } from '../domain/trigger.ts';
import { hasCode } from '../errors.ts';
import { type GroupStanding, planGroup } from '../report/plan-group.ts';
import { isPass } from '../report/shared-head.ts';
import type { Context } from './context.ts';
import { numberBehind } from './foreign-check.ts';

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
 * Concludes the required check on the commit of a merge group, in the request that makes it: a queue waits for
 * nothing that could hang. The commit is not examined again; the check says what the newest check of the pull
 * request says at this moment, and everything but a pass fails. `again` makes a new run, for a re-run.
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
  const step = await steps.begin(key, 'check-run');
  if (step.status === 'done') return;
  const isLookedUp = when === 'first' && step.status === 'begun';
  const found = isLookedUp ? await runOf(context, group) : undefined;
  const checkRunId = found ?? (await conclude(context, group));
  await steps.finish(key, 'check-run', String(checkRunId));
}

async function runOf(
  context: Context,
  { repository, headSha, pullRequest }: Group,
): Promise<number | undefined> {
  return context.github.checkRuns.find(repository, headSha, `${mark}${pullRequest ?? 0}`);
}

async function conclude(
  context: Context,
  { repository, headSha, pullRequest, deliveryId }: Group,
): Promise<number> {
  const standing = await standingOf(context, repository, pullRequest);
  const { state, output } = planGroup(standing);
  const checkRunId = await context.github.checkRuns.create(repository, {
    name: requiredName(context),
    headSha,
    externalId: `${mark}${pullRequest ?? 0}`,
    state,
    output,
  });
  await tell(context, deliveryId, { headSha, checkRunId, standing });
  return checkRunId;
}

async function tell(
  context: Context,
  deliveryId: DeliveryId,
  {
    headSha,
    checkRunId,
    standing,
  }: {
    readonly headSha: string;
    readonly checkRunId: number;
    readonly standing: GroupStanding;
  },
): Promise<void> {
  const data = { deliveryId, headSha, checkRunId, ...standing };
  await context.ledger.append({ type: 'merge-group.concluded', taskId: null, data });
}

/** By the check that GitHub shows on the pull request's head, which is what let it into the queue. */
async function standingOf(
  context: Context,
  repository: RepositoryRef,
  number: number | null,
): Promise<GroupStanding> {
  const nobody = { pullRequest: number, reviewedSha: null, conclusion: null, hasPassed: false };
  if (number === null) return nobody;
  const pullRequest = await openPull(context, repository, number);
  if (pullRequest === undefined) return nobody;
  const { headSha } = pullRequest;
  const name = requiredName(context);
  for (const run of await context.github.checkRuns.list(repository, headSha)) {
    // Two pull requests may have one head commit; the check of the other says nothing about this one.
    if (run.name !== name || (await numberBehind(context, run)) !== number) continue;
    const { conclusion } = run;
    const hasPassed = isPass(conclusion);
    return { pullRequest: number, reviewedSha: headSha, conclusion, hasPassed };
  }
  return { ...nobody, reviewedSha: headSha };
}

async function openPull(context: Context, repository: RepositoryRef, number: number) {
  try {
    return await context.github.pullRequests.get(repository, number);
  } catch (error) {
    if (!hasCode(error, 'github.not-found')) throw error;
    return undefined;
  }
}

function requiredName(context: Context): string {
  return context.policies.operator.policy.check.name;
}
