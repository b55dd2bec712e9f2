import { type AnchorRequest, resolveAnchor } from '../anchor.ts';
import {
  byId,
  type Call,
  type Handler,
  number,
  objects,
  page,
  pullRequestOf,
  text,
} from '../call.ts';
import { checkReviewBody } from '../comment-rules.ts';
import type { FileDiff } from '../diff.ts';
import { sendReview, sendReviewComment } from '../events.ts';
import type { JsonObject } from '../json.ts';
import { pullCommits, pullFiles } from '../pull-diff.ts';
import type { Anchor, PullRequest, Review, ReviewComment, ReviewThread, Side } from '../records.ts';
import { unprocessable } from '../refusal.ts';
import { viewReview, viewReviewComment } from '../views/comment.ts';

const STATES = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
} as const;

/** Reads the anchor fields that reviews and single comments share. */
export function anchorRequest(values: JsonObject): AnchorRequest {
  const optional = (name: string): number | undefined =>
    values[name] === undefined ? undefined : number(values, name);
  return {
    path: text(values, 'path') ?? '',
    line: optional('line'),
    side: text(values, 'side') as Side | undefined,
    startLine: optional('start_line'),
    startSide: text(values, 'start_side') as Side | undefined,
    position: optional('position'),
    subjectType: text(values, 'subject_type') as 'line' | 'file' | undefined,
  };
}

/** True when the commit belongs to the pull request. */
export async function isOwnCommit(pullRequest: PullRequest, sha: string): Promise<boolean> {
  return (await pullCommits(pullRequest)).some((commit) => commit.sha === sha);
}

/** Records a review. */
export function addReview(
  call: Call,
  pullRequest: PullRequest,
  fields: Pick<Review, 'body' | 'state' | 'commitId'>,
): Review {
  const { world } = call;
  const review: Review = {
    id: world.nextId(),
    pullRequest,
    author: world.bot,
    submittedAt: world.now(),
    ...fields,
  };
  world.reviews.set(review.id, review);
  return review;
}

/** Records a comment of a review and lets its event go. */
export function addReviewComment(
  call: Call,
  review: Review,
  fields: { body: string; anchor: Anchor; inReplyTo?: number; thread?: ReviewThread },
): ReviewComment {
  const { world, webhooks } = call;
  const comment: ReviewComment = {
    id: world.nextId(),
    review,
    author: world.bot,
    body: fields.body,
    anchor: fields.anchor,
    thread: fields.thread ?? { id: world.nextId(), resolvedBy: undefined },
    inReplyTo: fields.inReplyTo,
    commitId: review.commitId,
    originalCommitId: review.commitId,
    createdAt: world.now(),
    updatedAt: world.now(),
  };
  world.reviewComments.set(comment.id, comment);
  if (review.state !== 'PENDING')
    webhooks.background(sendReviewComment({ world, webhooks, sender: world.bot }, comment));
  return comment;
}

/** All comments or none: one that does not anchor refuses the whole review, without saying which. */
function resolveAll(
  files: readonly FileDiff[],
  comments: readonly JsonObject[],
): { body: string; anchor: Anchor }[] {
  const resolved = comments.map((comment) => ({
    comment,
    result: resolveAnchor(files, anchorRequest(comment)),
  }));
  const errors = resolved.flatMap(({ result }) => ('error' in result ? [result.error] : []));
  if (errors.length > 0) throw unprocessable(...new Set(errors));
  return resolved.flatMap(({ comment, result }) =>
    'anchor' in result ? [{ body: text(comment, 'body') ?? '', anchor: result.anchor }] : [],
  );
}

function checkReview(call: Call, pullRequest: PullRequest): void {
  const event = text(call.body, 'event');
  const body = text(call.body, 'body') ?? '';
  const comments = objects(call.body, 'comments');
  checkReviewBody(body);
  const blank = body.trim() === '';
  if (event === 'REQUEST_CHANGES' && blank)
    throw unprocessable("Body can't be blank for a review that requests changes");
  if (event === 'COMMENT' && blank)
    throw unprocessable("Body can't be blank for a review that comments");
  for (const comment of comments) {
    checkReviewBody(text(comment, 'body') ?? '');
    if ((text(comment, 'body') ?? '').trim() === '') throw unprocessable("Body can't be blank");
    for (const side of ['side', 'start_side']) {
      if (!['LEFT', 'RIGHT', undefined].includes(text(comment, side)))
        throw unprocessable(`${side} must be LEFT or RIGHT`);
    }
  }
  if (pullRequest.author !== call.world.bot) return;
  if (event === 'APPROVE') throw unprocessable('Can not approve your own pull request');
  if (event === 'REQUEST_CHANGES')
    throw unprocessable('Can not request changes on your own pull request');
}

const create: Handler = async (call) => {
  const { world, webhooks } = call;
  const pullRequest = pullRequestOf(call);
  checkReview(call, pullRequest);
  const commitId = text(call.body, 'commit_id') ?? pullRequest.pull.headSha;
  if (!(await isOwnCommit(pullRequest, commitId)))
    throw unprocessable('commit_id is not part of the pull request');
  const comments = resolveAll(await pullFiles(pullRequest), objects(call.body, 'comments'));
  const event = text(call.body, 'event') as keyof typeof STATES | undefined;
  const state = event === undefined ? 'PENDING' : STATES[event];
  const review = addReview(call, pullRequest, {
    body: text(call.body, 'body') ?? '',
    state,
    commitId,
  });
  for (const comment of comments) addReviewComment(call, review, comment);
  if (state !== 'PENDING')
    webhooks.background(sendReview({ world, webhooks, sender: world.bot }, review));
  return { status: 200, body: viewReview(world, review) };
};

function reviewOf(call: Call): Review {
  const pullRequest = pullRequestOf(call);
  return byId(
    call.world.reviews,
    number(call.path, 'review_id'),
    (review) => review.pullRequest === pullRequest,
  );
}

/** Reviews. A submitted one cannot be deleted; its body can be edited. */
export const reviewHandlers = {
  'pulls/create-review': create,
  'pulls/get-review': (call) => ({ status: 200, body: viewReview(call.world, reviewOf(call)) }),
  'pulls/update-review': (call) => {
    const review = reviewOf(call);
    const body = text(call.body, 'body') ?? '';
    checkReviewBody(body);
    review.body = body;
    return { status: 200, body: viewReview(call.world, review) };
  },
  'pulls/list-reviews': (call) => {
    const pullRequest = pullRequestOf(call);
    const reviews = [...call.world.reviews.values()].filter(
      (review) => review.pullRequest === pullRequest,
    );
    return page(call, reviews, (review) => viewReview(call.world, review));
  },
  'pulls/list-comments-for-review': (call) => {
    const review = reviewOf(call);
    const comments = [...call.world.reviewComments.values()].filter(
      (comment) => comment.review === review,
    );
    return page(call, comments, (comment) => viewReviewComment(call.world, comment));
  },
} satisfies Record<string, Handler>;
