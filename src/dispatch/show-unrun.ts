import { type DeliveryId, type TaskId, taskIdFor } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { PullRequest } from '../ports/github.ts';
import type { CheckView } from '../report/plan-state.ts';
import type { Context } from './context.ts';

/** A pull request of which a task does not run, and why, as its check is to show it. */
export interface Unrun {
  readonly repository: RepositoryRef;
  readonly pullRequest: PullRequest;
  readonly deliveryId: DeliveryId;
  /** Name of the check run. */
  readonly name: string;
  readonly view: CheckView;
  /** Asked once the run is there and open: what it is to show in place of `view`, if anything. */
  readonly instead?: () => Promise<CheckView | undefined>;
}

/**
 * Shows a check run that no task stands behind, on the present head: once a delivery and name, also when the
 * delivery is handled twice.
 */
export async function showUnrun(context: Context, unrun: Unrun): Promise<void> {
  const { repository, pullRequest, deliveryId, name, view } = unrun;
  const key = taskIdFor(JSON.stringify([deliveryId, pullRequest.headSha, name]), 'unrun');
  const step = await context.store.steps.begin(key, 'check-run');
  if (step.status === 'done') return;
  const { checkRuns } = context.github;
  const externalId = externalIdOf(pullRequest.number, key);
  const found =
    step.status === 'begun'
      ? await checkRuns.find(repository, pullRequest.headSha, externalId)
      : undefined;
  const { headSha } = pullRequest;
  // Queued at first: what an update adds, annotations, a check run cannot be made with.
  const made = {
    name,
    headSha,
    externalId,
    state: { status: 'queued' },
    output: view.output,
  } as const;
  const checkRunId = found ?? (await checkRuns.create(repository, made));
  const shown = (await unrun.instead?.()) ?? view;
  await checkRuns.update(repository, checkRunId, shown);
  await context.store.steps.finish(key, 'check-run', String(checkRunId));
}

/** How GitHub names such a check to us again, when somebody presses *Re-run*. */
function externalIdOf(number: number, key: TaskId): string {
  return `pull-${number}-${key}`;
}

/** The pull request of a check that no task stands behind, or undefined for any other. */
export function pullRequestBehind(externalId: string): number | undefined {
  const digits = /^pull-([1-9][0-9]{0,8})-t[0-9a-f]{24}$/.exec(externalId)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
