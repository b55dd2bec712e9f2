import { resolveAnchor } from '../anchor.ts';
import {
  type Answer,
  byId,
  type Call,
  type Handler,
  number,
  page,
  pullRequestOf,
  repositoryOf,
  text,
} from '../call.ts';
import { checkCommentBody } from '../comment-rules.ts';
import { pullFiles } from '../pull-diff.ts';
import type { ReviewComment } from '../records.ts';
import { notFound, Refusal, validationFailed } from '../refusal.ts';
import { viewReviewComment } from '../views/comment.ts';
import { addReview, addReviewComment, anchorRequest, isOwnCommit } from './reviews.ts';

const RESOURCE = 'PullRequestReviewComment';

const create: Handler = async (call) => {
  const body = text(call.body, 'body') ?? '';
  const inReplyTo = call.body['in_reply_to'];
  // "When specified, all parameters other than body in the request body are ignored."
  if (typeof inReplyTo === 'number') return reply(call, inReplyTo, body);
  checkCommentBody(RESOURCE, body);
  const pullRequest = pullRequestOf(call);
  const commitId = text(call.body, 'commit_id') ?? '';
  if (!(await isOwnCommit(pullRequest, commitId))) {
    throw validationFailed(RESOURCE, 'commit_id', 'commit_id is not part of the pull request');
  }
  const result = resolveAnchor(await pullFiles(pullRequest), anchorRequest(call.body));
  if ('error' in result)
    throw validationFailed(RESOURCE, 'pull_request_review_thread.line', result.error);
  const review = addReview(call, pullRequest, { body: '', state: 'COMMENTED', commitId });
  return created(call, addReviewComment(call, review, { body, anchor: result.anchor }));
};

function reply(call: Call, parentId: number, body: string): Answer {
  checkCommentBody(RESOURCE, body);
  const pullRequest = pullRequestOf(call);
  const parent = byId(
    call.world.reviewComments,
    parentId,
    (one) => one.review.pullRequest === pullRequest,
  );
  // "Replies to replies are not supported."
  if (parent.inReplyTo !== undefined)
    throw validationFailed(RESOURCE, 'in_reply_to', 'in_reply_to must be a top-level comment');
  const review = addReview(call, pullRequest, {
    body: '',
    state: 'COMMENTED',
    commitId: parent.commitId,
  });
  return created(
    call,
    addReviewComment(call, review, {
      body,
      anchor: { ...parent.anchor },
      inReplyTo: parent.id,
      thread: parent.thread,
    }),
  );
}

function created(call: Call, comment: ReviewComment): Answer {
  return { status: 201, body: viewReviewComment(call.world, comment) };
}

/** The comment on the diff that the path names. @throws Refusal 404 */
export function reviewCommentOf(call: Call): ReviewComment {
  const repo = repositoryOf(call);
  return byId(
    call.world.reviewComments,
    number(call.path, 'comment_id'),
    (one) => one.review.pullRequest.repo === repo,
  );
}

/** An App may change only what it wrote. @throws Refusal 403 */
function ownCommentOf(call: Call): ReviewComment {
  const comment = reviewCommentOf(call);
  if (comment.author !== call.world.bot)
    throw new Refusal(403, { message: 'Resource not accessible by integration' });
  return comment;
}

/** Comments on the diff. */
export const reviewCommentHandlers = {
  'pulls/create-review-comment': create,
  'pulls/create-reply-for-review-comment': (call) =>
    reply(call, number(call.path, 'comment_id'), text(call.body, 'body') ?? ''),
  'pulls/get-review-comment': (call) => ({
    status: 200,
    body: viewReviewComment(call.world, reviewCommentOf(call)),
  }),
  'pulls/list-review-comments': (call) => {
    const pullRequest = pullRequestOf(call);
    const comments = [...call.world.reviewComments.values()].filter(
      ({ review }) => review.pullRequest === pullRequest,
    );
    const ordered = call.query['direction'] === 'desc' ? comments.toReversed() : comments;
    return page(
      call,
      ordered.filter(({ review }) => review.state !== 'PENDING'),
      (one) => viewReviewComment(call.world, one),
    );
  },
  'pulls/update-review-comment': (call) => {
    const comment = ownCommentOf(call);
    const body = text(call.body, 'body') ?? '';
    checkCommentBody(RESOURCE, body);
    comment.body = body;
    comment.updatedAt = call.world.now();
    return { status: 200, body: viewReviewComment(call.world, comment) };
  },
  'pulls/delete-review-comment': (call) => {
    if (!call.world.reviewComments.delete(ownCommentOf(call).id)) throw notFound();
    return { status: 204 };
  },
} satisfies Record<string, Handler>;
