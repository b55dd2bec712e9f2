import type { CommitSha } from '../domain/ids.ts';
import type { CheckOutput, CheckState } from '../ports/check-runs.ts';
import { safeCode } from './sanitise.ts';

/** What is known of the pull request that a merge group was made for. */
export interface GroupStanding {
  /** Null when the group does not name one. */
  readonly pullRequest: number | null;
  /** Its head; null when there is no such pull request. */
  readonly reviewedSha: CommitSha | null;
  /** Of the newest check there; null when there is none, or when it is still open. */
  readonly conclusion: string | null;
  readonly hasPassed: boolean;
}

/** The check of a merge group: a pass where the pull request's own check has passed, else a failure. */
export function planGroup(standing: GroupStanding): {
  readonly state: CheckState;
  readonly output: CheckOutput;
} {
  const { pullRequest, reviewedSha, conclusion, hasPassed } = standing;
  const what = pullRequest === null ? 'the pull request' : `#${pullRequest}`;
  const at = reviewedSha === null ? '' : ` on commit \`${reviewedSha}\``;
  const said = conclusion === null ? 'has no conclusion' : `says ${safeCode(conclusion)}`;
  const missing =
    pullRequest === null ? 'The pull request is not known' : `The review of ${what} has not passed`;
  const how = hasPassed
    ? 'This commit of the merge queue was not examined again.'
    : 'Queue the pull request again when its own check has passed.';
  return {
    state: { status: 'completed', conclusion: hasPassed ? 'success' : 'failure' },
    output: {
      title: hasPassed ? `Reviewed at ${what}` : missing,
      summary: `The check of ${what}${at} ${said}. ${how}`,
    },
  };
}
