import { type CommitRecord, readCommit } from './commits.ts';
import type { JsonObject } from './json.ts';
import { viewListedRepository } from './place-events.ts';
import { pullCommits, pullFiles } from './pull-diff.ts';
import type {
  CheckRun,
  CheckSuite,
  Delivery,
  Installation,
  Issue,
  IssueComment,
  PullRequest,
  Review,
  ReviewComment,
  User,
} from './records.ts';
import { viewInstallation, viewUser } from './views/account.ts';
import { viewCheckRun, viewCheckSuite } from './views/check.ts';
import { viewIssueComment, viewReview, viewReviewComment } from './views/comment.ts';
import { viewIssue, viewPullRequest, viewPullRequestSimple } from './views/pull.ts';
import type { Webhooks } from './webhooks.ts';
import type { World } from './world.ts';

/** What every event needs: where to look things up, where to send, and who did it. */
export interface Scene {
  readonly world: World;
  readonly webhooks: Webhooks;
  readonly sender: User;
}

/** The delivery, once it is answered; undefined where the App hears nothing. */
export type Sent = Promise<Delivery | undefined>;

/** The action of an event and what that action adds to the payload, such as `before` and `after`. */
export type Act = JsonObject & { action: string };

/** `pull_request.*`. */
export async function sendPullRequest(scene: Scene, pullRequest: PullRequest, act: Act): Sent {
  const { world, webhooks, sender } = scene;
  const { action, ...extra } = act;
  const [files, commits] = await Promise.all([pullFiles(pullRequest), pullCommits(pullRequest)]);
  const pull = viewPullRequest(world, pullRequest, { files, commits: commits.length });
  const payload = {
    number: pullRequest.number,
    pull_request: pull,
    ...extra,
    sender: viewUser(world, sender),
  };
  return webhooks.send({ event: 'pull_request', action, repo: pullRequest.repo, payload });
}

/** `issue_comment.*`. */
export function sendIssueComment(scene: Scene, comment: IssueComment, act: Act): Sent {
  const { world, webhooks, sender } = scene;
  const { action, ...extra } = act;
  const payload = {
    issue: viewIssue(world, comment.issue),
    comment: viewIssueComment(world, comment),
    ...extra,
    sender: viewUser(world, sender),
  };
  return webhooks.send({ event: 'issue_comment', action, repo: comment.issue.repo, payload });
}

/** `issues.*`: of plain issues. */
export function sendIssue(scene: Scene, issue: Issue, act: Act): Sent {
  const { world, webhooks, sender } = scene;
  const { action, ...extra } = act;
  const payload = { issue: viewIssue(world, issue), ...extra, sender: viewUser(world, sender) };
  return webhooks.send({ event: 'issues', action, repo: issue.repo, payload });
}

/** `check_run.*`. Clicks and re-requests go to the App that made the run, and to no other. */
export async function sendCheckRun(scene: Scene, run: CheckRun, act: Act): Sent {
  const { world, webhooks, sender } = scene;
  const { action, ...extra } = act;
  const isReport = action === 'created' || action === 'completed';
  if (!isReport && run.suite.appId !== world.app.id) return undefined;
  const commit = await readCommit(run.suite.repo.gitDir, run.suite.headSha);
  const check_run = {
    ...viewCheckRun(world, run),
    check_suite: viewSimpleSuite(world, run.suite, commit),
  };
  const payload = { check_run, ...extra, sender: viewUser(world, sender) };
  return webhooks.send({ event: 'check_run', action, repo: run.suite.repo, payload });
}

/** What `simple-check-suite` leaves out of `check-suite`. */
const FULL_SUITE_ONLY = new Set([
  'check_runs_url',
  'head_commit',
  'latest_check_runs_count',
  'rerequestable',
  'runs_rerequestable',
]);

function viewSimpleSuite(world: World, suite: CheckSuite, commit: CommitRecord): JsonObject {
  const full = Object.entries(viewCheckSuite(world, suite, commit));
  return Object.fromEntries(full.filter(([name]) => !FULL_SUITE_ONLY.has(name)));
}

/** `check_suite.requested` and `check_suite.rerequested`. */
export async function sendCheckSuite(scene: Scene, suite: CheckSuite, action: string): Sent {
  const { world, webhooks, sender } = scene;
  const commit = await readCommit(suite.repo.gitDir, suite.headSha);
  const { repository: _repository, ...check_suite } = viewCheckSuite(world, suite, commit);
  const payload = { check_suite, sender: viewUser(world, sender) };
  return webhooks.send({ event: 'check_suite', action, repo: suite.repo, payload });
}

/** `installation.created`. */
export function sendInstallationCreated(scene: Scene, installation: Installation): Sent {
  const { world, webhooks, sender } = scene;
  const repositories = [...installation.repositories].map(viewListedRepository);
  const payload = {
    installation: viewInstallation(world, installation),
    repositories,
    requester: null,
    sender: viewUser(world, sender),
  };
  return webhooks.send({ event: 'installation', action: 'created', payload });
}

/** `pull_request_review_comment.created`. */
export function sendReviewComment(scene: Scene, comment: ReviewComment): Sent {
  const { world, webhooks, sender } = scene;
  const { pullRequest } = comment.review;
  const view = {
    ...viewReviewComment(world, comment),
    line: comment.anchor.line,
    original_line: comment.anchor.originalLine,
  };
  const payload = {
    comment: view,
    pull_request: viewPullRequestSimple(world, pullRequest),
    sender: viewUser(world, sender),
  };
  return webhooks.send({
    event: 'pull_request_review_comment',
    action: 'created',
    repo: pullRequest.repo,
    payload,
  });
}

/** `pull_request_review.submitted`. */
export function sendReview(scene: Scene, review: Review): Sent {
  const { world, webhooks, sender } = scene;
  const view = { ...viewReview(world, review), state: review.state.toLowerCase() };
  const payload = {
    review: view,
    pull_request: viewPullRequestSimple(world, review.pullRequest),
    sender: viewUser(world, sender),
  };
  return webhooks.send({
    event: 'pull_request_review',
    action: 'submitted',
    repo: review.pullRequest.repo,
    payload,
  });
}
