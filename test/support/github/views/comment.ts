import type { JsonObject } from '../json.ts';
import type { IssueComment, Reaction, Review, ReviewComment } from '../records.ts';
import type { World } from '../world.ts';
import { nodeId, viewApp, viewUser } from './account.ts';
import { authorAssociation, issueHtmlUrl, pullUrl, viewReactionRollup } from './pull.ts';
import { repositoryUrl } from './repository.ts';

/** `issue-comment`. */
export function viewIssueComment(world: World, comment: IssueComment): JsonObject {
  const url = `${repositoryUrl(world, comment.issue.repo)}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${issueHtmlUrl(world, comment.issue)}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(world, comment.issue.repo)}/issues/${comment.issue.number}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: viewUser(world, comment.author),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: authorAssociation(comment.issue.repo, comment.author),
    performed_via_github_app: comment.author === world.bot ? viewApp(world) : null,
    reactions: viewReactionRollup(world, comment.id, `${url}/reactions`),
  };
}

/** `reaction`. */
export function viewReaction(world: World, reaction: Reaction): JsonObject {
  return {
    id: reaction.id,
    node_id: nodeId('REA', reaction.id),
    user: viewUser(world, reaction.user),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

/** `pull-request-review`. It names no App: only `user.id` tells whose it is. */
export function viewReview(world: World, review: Review): JsonObject {
  const html = `${issueHtmlUrl(world, review.pullRequest)}#pullrequestreview-${review.id}`;
  const pull = pullUrl(world, review.pullRequest);
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: viewUser(world, review.author),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pull,
    author_association: authorAssociation(review.pullRequest.repo, review.author),
    _links: { html: { href: html }, pull_request: { href: pull } },
    ...(review.state === 'PENDING' ? {} : { submitted_at: review.submittedAt }),
    commit_id: review.commitId,
  };
}

/** `pull-request-review-comment` and `review-comment`. An outdated one has null for `line`. */
export function viewReviewComment(world: World, comment: ReviewComment): JsonObject {
  const { pullRequest } = comment.review;
  const { anchor } = comment;
  const url = `${repositoryUrl(world, pullRequest.repo)}/pulls/comments/${comment.id}`;
  const html = `${issueHtmlUrl(world, pullRequest)}#discussion_r${comment.id}`;
  const pull = pullUrl(world, pullRequest);
  return {
    url,
    pull_request_review_id: comment.review.id,
    id: comment.id,
    node_id: nodeId('PRRC', comment.id),
    diff_hunk: anchor.diffHunk,
    path: anchor.path,
    commit_id: comment.commitId,
    original_commit_id: comment.originalCommitId,
    user: viewUser(world, comment.author),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: html,
    pull_request_url: pull,
    author_association: authorAssociation(pullRequest.repo, comment.author),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pull } },
    reactions: viewReactionRollup(world, comment.id, `${url}/reactions`),
    subject_type: anchor.subjectType,
    position: anchor.position,
    original_position: anchor.originalPosition ?? 1,
    side: anchor.side,
    start_side: anchor.startSide,
    start_line: anchor.startLine,
    original_start_line: anchor.originalStartLine,
    line: anchor.line,
    ...(anchor.originalLine === null ? {} : { original_line: anchor.originalLine }),
    ...(comment.inReplyTo === undefined ? {} : { in_reply_to_id: comment.inReplyTo }),
  };
}
