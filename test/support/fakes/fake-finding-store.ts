import type { Dismissal, FindingRecord } from '../../../src/domain/finding-record.ts';
import type { FindingStore } from '../../../src/ports/finding-store.ts';
import type { PullRequestKey } from '../../../src/ports/pull-request-key.ts';
import type { StepStore } from '../../../src/ports/store.ts';

interface Kept {
  readonly pullRequest: string;
  readonly taskName: string;
  readonly record: FindingRecord;
}

/** Findings in a map, which keeps the order in which its keys came. */
export class FakeFindingStore implements FindingStore {
  readonly rows = new Map<string, Kept>();
  readonly #steps: StepStore;

  constructor(steps: StepStore) {
    this.#steps = steps;
  }

  async ofPullRequest(
    pullRequest: PullRequestKey,
    taskName: string,
  ): Promise<readonly FindingRecord[]> {
    return this.#of(pullRequest)
      .filter((row) => row.taskName === taskName)
      .map(({ record }) => record);
  }

  async put(...[pullRequest, taskName, records]: Parameters<FindingStore['put']>): Promise<void> {
    for (const record of records) this.#keep({ pullRequest: keyOf(pullRequest), taskName, record });
  }

  async putOnce(
    ...[pullRequest, taskName, change]: Parameters<FindingStore['putOnce']>
  ): Promise<string> {
    const { records, forgotten, step } = change;
    const first = await this.#steps.find(step.taskId, step.name);
    if (first !== undefined) return first;
    await this.put(pullRequest, taskName, records);
    for (const id of forgotten) {
      const key = rowKey(keyOf(pullRequest), taskName, id);
      if (this.rows.get(key)?.record.state !== 'dismissed') this.rows.delete(key);
    }
    return this.#steps.keep(step.taskId, step.name, step.reference);
  }

  async dismiss(pullRequest: PullRequestKey, id: string, dismissal: Dismissal): Promise<boolean> {
    const meant = this.#of(pullRequest).filter(
      ({ record }) =>
        record.id === id &&
        (record.dismissal === null || (dismissal.waives && !record.dismissal.waives)),
    );
    for (const { taskName, record } of meant) {
      const dismissed = { ...record, state: 'dismissed', dismissal } as const;
      this.rows.set(rowKey(keyOf(pullRequest), taskName, id), {
        pullRequest: keyOf(pullRequest),
        taskName,
        record: dismissed,
      });
    }
    return meant.length > 0;
  }

  #of(pullRequest: PullRequestKey): readonly Kept[] {
    return [...this.rows.values()].filter((row) => row.pullRequest === keyOf(pullRequest));
  }

  #keep(row: Kept): void {
    const key = rowKey(row.pullRequest, row.taskName, row.record.id);
    const { state, dismissal } = this.rows.get(key)?.record ?? row.record;
    const kept = state === 'dismissed' ? { state, dismissal } : {};
    this.rows.set(key, { ...row, record: { ...row.record, ...kept } });
  }
}

function keyOf({ repositoryId, number }: PullRequestKey): string {
  return `${repositoryId}#${number}`;
}

function rowKey(pullRequest: string, taskName: string, id: string): string {
  return JSON.stringify([pullRequest, taskName, id]);
}
