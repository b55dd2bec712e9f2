import { fromCheckRun } from './check-run.ts';
import { fromCheckSuite } from './check-suite.ts';
import type { Convert } from './delivery.ts';
import { fromInstallation, fromInstallationRepositories } from './installation.ts';
import { fromIssueComment } from './issue-comment.ts';
import { fromIssues } from './issues.ts';
import { fromMergeGroup } from './merge-group.ts';
import { fromPullRequest } from './pull-request.ts';
import { fromRepository } from './repository.ts';
import { fromReviewComment } from './review-comment.ts';

/** What each event that the App listens to is made of. Others are not asked for. */
export const converters = {
  pull_request: fromPullRequest,
  issues: fromIssues,
  issue_comment: fromIssueComment,
  pull_request_review_comment: fromReviewComment,
  check_run: fromCheckRun,
  check_suite: fromCheckSuite,
  merge_group: fromMergeGroup,
  repository: fromRepository,
  installation: fromInstallation,
  installation_repositories: fromInstallationRepositories,
} as const satisfies Readonly<Record<string, Convert>>;
