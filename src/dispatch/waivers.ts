import type { FindingRecord } from '../domain/finding-record.ts';
import { type TaskId, taskIdFor } from '../domain/ids.ts';
import { Waiver } from '../domain/waiver.ts';
import type { PullRequestKey } from '../ports/pull-request-key.ts';
import type { StepStore } from '../ports/store.ts';

interface Steps {
  readonly steps: StepStore;
}

const step = 'waiver';

/** Keeps what a waiver was given for; given again, it is for what is there by then. */
export async function keepWaiver(
  { steps }: Steps,
  pullRequest: PullRequestKey,
  { id, severity, marks }: FindingRecord,
): Promise<void> {
  await steps.finish(keyOf(pullRequest, id), step, JSON.stringify({ severity, marks }));
}

/** What the waived of these records were waived for, by their ids. One of which nothing is kept is waived for nothing. */
export async function readWaivers(
  { steps }: Steps,
  pullRequest: PullRequestKey,
  records: readonly FindingRecord[],
): Promise<ReadonlyMap<string, Waiver>> {
  const waivers = new Map<string, Waiver>();
  for (const { id, dismissal } of records) {
    const kept = dismissal?.waives ? await steps.find(keyOf(pullRequest, id), step) : undefined;
    if (kept !== undefined) waivers.set(id, Waiver.parse(JSON.parse(kept)));
  }
  return waivers;
}

function keyOf({ repositoryId, number }: PullRequestKey, id: string): TaskId {
  return taskIdFor(JSON.stringify([repositoryId, number, id]), step);
}
