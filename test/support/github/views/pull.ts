import type { FileDiff } from '../diff.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Issue, PullRequest, Repository, User } from '../records.ts';
import { isPullRequest, type World } from '../world.ts';
import { nodeId, viewUser } from './account.ts';
import { viewLabels } from './label.ts';
import { repositoryUrl, viewRepository } from './repository.ts';

/** A display hint only, as on GitHub: it does not see private membership. */
export function authorAssociation(repo: Repository, user: User): string {
  if (repo.owner === user) return 'OWNER';
  return repo.roles.has(user.login.toLowerCase()) ? 'COLLABORATOR' : 'NONE';
}

/** The address of the page of an issue or pull request. */
export function issueHtmlUrl(world: World, issue: Issue): string {
  const kind = issue.pull ? 'pull' : 'issues';
  return `${world.url}/${issue.repo.owner.login}/${issue.repo.name}/${kind}/${issue.number}`;
}

/** The API address of a pull request. */
export function pullUrl(world: World, pullRequest: PullRequest): string {
  return `${repositoryUrl(world, pullRequest.repo)}/pulls/${pullRequest.number}`;
}

function side(
  world: World,
  repo: Repository,
  { ref, sha }: { ref: string; sha: string },
): JsonObject {
  const owner = viewUser(world, repo.owner);
  return {
    label: `${repo.owner.login}:${ref}`,
    ref,
    sha,
    user: owner,
    repo: viewRepository(world, repo),
  };
}

/** `pull-request-simple`, as lists give it. */
export function viewPullRequestSimple(world: World, pullRequest: PullRequest): JsonObject {
  const { pull, repo, number } = pullRequest;
  const url = pullUrl(world, pullRequest);
  const html = issueHtmlUrl(world, pullRequest);
  const issueUrl = `${repositoryUrl(world, repo)}/issues/${number}`;
  const links = {
    html_url: html,
    issue_url: issueUrl,
    comments_url: `${issueUrl}/comments`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repositoryUrl(world, repo)}/pulls/comments{/number}`,
    commits_url: `${url}/commits`,
    statuses_url: `${repositoryUrl(world, repo)}/statuses/${pull.headSha}`,
  };
  return {
    url,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    ...links,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    number,
    state: pullRequest.state,
    locked: false,
    title: pullRequest.title,
    user: viewUser(world, pullRequest.author),
    body: pullRequest.body,
    created_at: pullRequest.createdAt,
    updated_at: pullRequest.updatedAt,
    closed_at: pullRequest.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: viewLabels(world, pullRequest),
    milestone: null,
    draft: pull.draft,
    head: side(world, pull.headRepo, { ref: pull.headRef, sha: pull.headSha }),
    base: side(world, repo, { ref: pull.baseRef, sha: pull.baseSha }),
    _links: Object.fromEntries(
      Object.entries({ ...links, self_url: url }).map(([name, href]) => [
        name.replace(/_url$/, ''),
        { href },
      ]),
    ),
    author_association: authorAssociation(repo, pullRequest.author),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** `pull-request`, with the numbers that only the single form and webhooks have. */
export function viewPullRequest(
  world: World,
  pullRequest: PullRequest,
  { files, commits }: { files: readonly FileDiff[]; commits: number },
): JsonObject {
  const sum = (key: 'additions' | 'deletions'): number =>
    files.reduce((total, file) => total + file[key], 0);
  const reviewComments = [...world.reviewComments.values()].filter(
    (one) => one.review.pullRequest === pullRequest,
  );
  return {
    ...viewPullRequestSimple(world, pullRequest),
    merged: pullRequest.pull.mergedAt !== null,
    mergeable: pullRequest.state === 'open' ? true : null,
    rebaseable: null,
    mergeable_state: pullRequest.pull.draft ? 'draft' : 'clean',
    merged_by: null,
    comments: commentCount(world, pullRequest),
    review_comments: reviewComments.length,
    maintainer_can_modify: false,
    commits,
    additions: sum('additions'),
    deletions: sum('deletions'),
    changed_files: files.length,
  };
}

function commentCount(world: World, issue: Issue): number {
  return [...world.issueComments.values()].filter((comment) => comment.issue === issue).length;
}

/** `issue`, for plain issues and for the issue side of pull requests. */
export function viewIssue(world: World, issue: Issue): JsonObject {
  const url = `${repositoryUrl(world, issue.repo)}/issues/${issue.number}`;
  const pull = isPullRequest(issue) ? pullLinks(world, issue) : {};
  return {
    url,
    repository_url: repositoryUrl(world, issue.repo),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: issueHtmlUrl(world, issue),
    id: issue.id,
    node_id: nodeId('I', issue.id),
    number: issue.number,
    title: issue.title,
    user: viewUser(world, issue.author),
    labels: viewLabels(world, issue),
    state: issue.state,
    state_reason: null,
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: commentCount(world, issue),
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: authorAssociation(issue.repo, issue.author),
    active_lock_reason: null,
    body: issue.body,
    performed_via_github_app: null,
    reactions: viewReactionRollup(world, 0, `${url}/reactions`),
    ...pull,
  };
}

function pullLinks(world: World, issue: PullRequest): JsonObject {
  const html = issueHtmlUrl(world, issue);
  const links = {
    url: pullUrl(world, issue),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
  };
  return { draft: issue.pull.draft, pull_request: { ...links, merged_at: issue.pull.mergedAt } };
}

/** `reaction-rollup` of a comment. */
export function viewReactionRollup(world: World, commentId: number, url: string): JsonObject {
  const kinds = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'eyes', 'rocket'];
  const given = [...world.reactions.values()].filter(
    (reaction) => reaction.commentId === commentId,
  );
  const counts: JsonObject = {};
  for (const kind of kinds) counts[kind] = given.filter((one) => one.content === kind).length;
  return { url, total_count: given.length, ...counts };
}

/** `pull-request-minimal`: what checks list. */
export function viewPullRequestMinimal(world: World, pullRequest: PullRequest): JsonObject {
  const full = viewPullRequestSimple(world, pullRequest);
  const small = (key: string): JsonObject => {
    const value = full[key];
    const repo = isObject(value) ? value['repo'] : undefined;
    if (!isObject(value) || !isObject(repo)) throw new Error(`a pull request without ${key}`);
    const pick = { id: repo['id'] ?? 0, url: repo['url'] ?? '', name: repo['name'] ?? '' };
    return { ref: value['ref'] ?? '', sha: value['sha'] ?? '', repo: pick };
  };
  return {
    id: pullRequest.pull.id,
    number: pullRequest.number,
    url: pullUrl(world, pullRequest),
    head: small('head'),
    base: small('base'),
  };
}
