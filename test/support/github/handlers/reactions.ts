import { type Answer, type Call, type Handler, page, text } from '../call.ts';
import { addReaction, reactionsTo } from '../reactions.ts';
import type { ReactionContent } from '../records.ts';
import { viewReaction } from '../views/comment.ts';
import { issueCommentOf } from './issues.ts';
import { reviewCommentOf } from './review-comments.ts';

/** 200 for a reaction that is there already, 201 for a new one. */
function react(call: Call, commentId: number): Answer {
  const { world } = call;
  const content = text(call.body, 'content') as ReactionContent;
  const { reaction, isNew } = addReaction(world, { commentId, user: world.bot, content });
  return { status: isNew ? 201 : 200, body: viewReaction(world, reaction) };
}

function list(call: Call, commentId: number): Answer {
  const content = call.query['content'];
  const given = reactionsTo(call.world, commentId).filter(
    (one) => content === undefined || one.content === content,
  );
  return page(call, given, (reaction) => viewReaction(call.world, reaction));
}

/** Reactions to comments of the conversation and of reviews. */
export const reactionHandlers = {
  'reactions/create-for-issue-comment': (call) => react(call, issueCommentOf(call).id),
  'reactions/create-for-pull-request-review-comment': (call) =>
    react(call, reviewCommentOf(call).id),
  'reactions/list-for-issue-comment': (call) => list(call, issueCommentOf(call).id),
  'reactions/list-for-pull-request-review-comment': (call) => list(call, reviewCommentOf(call).id),
} satisfies Record<string, Handler>;
