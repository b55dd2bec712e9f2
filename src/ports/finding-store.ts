import type { Dismissal, FindingRecord } from '../domain/finding-record.ts';
import type { TaskId } from '../domain/ids.ts';
import type { PullRequestKey } from './pull-request-key.ts';

/**
 * What was found on pull requests. The records of one task name are its own: two tasks may use one id.
 * @throws SallyportError `store.unavailable`, `store.corrupt`
 */
export interface FindingStore {
  /** Of one task name, in the order in which they were first put. */
  ofPullRequest(pullRequest: PullRequestKey, taskName: string): Promise<readonly FindingRecord[]>;
  /**
   * Adds records or replaces those with the same id, all or none. One that is dismissed in the store stays so, with
   * its dismissal; the rest of it follows, so that it is known again wherever it goes.
   */
  put(
    pullRequest: PullRequestKey,
    taskName: string,
    records: readonly FindingRecord[],
  ): Promise<void>;
  /**
   * The same, with `step` of the task's steps finished and the records `forgotten` removed: all of it or nothing.
   * Returns the step's reference; that of whoever was first where it was finished before, and nothing is changed then.
   */
  putOnce(
    pullRequest: PullRequestKey,
    taskName: string,
    change: {
      readonly records: readonly FindingRecord[];
      readonly forgotten: readonly string[];
      readonly step: {
        readonly taskId: TaskId;
        readonly name: string;
        readonly reference: string;
      };
    },
  ): Promise<string>;
  /**
   * Of whichever task name. False where there is no such record, or it is dismissed already; a later dismissal
   * that waives replaces one that does not.
   */
  dismiss(pullRequest: PullRequestKey, id: string, dismissal: Dismissal): Promise<boolean>;
}
