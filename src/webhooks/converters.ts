import { fromCheckRun } from './check-run.ts';
import type { Convert } from './delivery.ts';
import { fromInstallation } from './installation.ts';
import { fromIssueComment } from './issue-comment.ts';
import { fromPullRequest } from './pull-request.ts';
import { fromReviewComment } from './review-comment.ts';

/** What each event that the App listens to is made of. Others are not asked for. */
export const converters = {
  pull_request: fromPullRequest,
  issue_comment: fromIssueComment,
  pull_request_review_comment: fromReviewComment,
  check_run: fromCheckRun,
  installation: fromInstallation,
} as const satisfies Readonly<Record<string, Convert>>;
