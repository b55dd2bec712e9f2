import type { CommitRecord } from '../commits.ts';
import type { JsonObject } from '../json.ts';
import type { Annotation, CheckRun, CheckSuite, PullRequest, Repository } from '../records.ts';
import { fullName, isPullRequest, type World } from '../world.ts';
import { nodeId, viewAppById } from './account.ts';
import { viewPullRequestMinimal } from './pull.ts';
import { repositoryUrl, viewRepository } from './repository.ts';

/** Open pull requests of the repository itself with that head. Those from forks are not listed, as on GitHub. */
function pullRequestsOf(repo: Repository, headSha: string): PullRequest[] {
  return [...repo.issues.values()]
    .filter(isPullRequest)
    .filter(
      ({ state, pull }) => state === 'open' && pull.headSha === headSha && pull.headRepo === repo,
    );
}

/** `check-run`. */
export function viewCheckRun(world: World, run: CheckRun): JsonObject {
  const { suite } = run;
  const url = `${repositoryUrl(world, suite.repo)}/check-runs/${run.id}`;
  const html = `${world.url}/${fullName(suite.repo)}/runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId('CR', run.id),
    name: run.name,
    head_sha: suite.headSha,
    external_id: run.externalId,
    url,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: suite.id },
    app: viewAppById(world, suite.appId),
    pull_requests: pullRequestsOf(suite.repo, suite.headSha).map((pull) =>
      viewPullRequestMinimal(world, pull),
    ),
  };
}

/** The status and conclusion of a suite, from its runs. */
function suiteState(
  world: World,
  suite: CheckSuite,
): { status: string; conclusion: string | null } {
  const runs = [...world.checkRuns.values()].filter((run) => run.suite === suite);
  if (suite.reset || runs.length === 0) return { status: 'queued', conclusion: null };
  if (runs.some((run) => run.status !== 'completed'))
    return { status: 'in_progress', conclusion: null };
  const worst = [
    'action_required',
    'timed_out',
    'cancelled',
    'failure',
    'success',
    'neutral',
    'skipped',
  ];
  return {
    status: 'completed',
    conclusion: worst.find((one) => runs.some((run) => run.conclusion === one)) ?? 'neutral',
  };
}

/** `check-suite`. */
export function viewCheckSuite(
  world: World,
  suite: CheckSuite,
  headCommit: CommitRecord,
): JsonObject {
  const url = `${repositoryUrl(world, suite.repo)}/check-suites/${suite.id}`;
  const runs = [...world.checkRuns.values()].filter((run) => run.suite === suite);
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    ...suiteState(world, suite),
    url,
    before: headCommit.parents[0] ?? '0'.repeat(40),
    after: suite.headSha,
    pull_requests: pullRequestsOf(suite.repo, suite.headSha).map((pull) =>
      viewPullRequestMinimal(world, pull),
    ),
    app: viewSuiteApp(world, suite.appId),
    created_at: suite.createdAt,
    updated_at: suite.createdAt,
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: runs.length,
    check_runs_url: `${url}/check-runs`,
    head_commit: viewSimpleCommit(headCommit),
    repository: viewRepository(world, suite.repo),
  };
}

/** The list of events in a suite's App, as published, is older than this one. */
function viewSuiteApp(world: World, appId: number): JsonObject {
  const events = world.app.events.filter((event) => event !== 'merge_group');
  return { ...viewAppById(world, appId), events };
}

/** `simple-commit`. */
export function viewSimpleCommit(commit: CommitRecord): JsonObject {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: commit.author.date,
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}

/** `check-annotation`. */
export function viewAnnotation(world: World, run: CheckRun, annotation: Annotation): JsonObject {
  return {
    start_column: null,
    end_column: null,
    title: null,
    raw_details: null,
    ...annotation,
    blob_href: `${world.url}/${fullName(run.suite.repo)}/blob/${run.suite.headSha}/${annotation.path}`,
  };
}
