import {
  type Answer,
  byId,
  type Call,
  type Handler,
  number,
  page,
  repositoryOf,
  text,
} from '../call.ts';
import { checkCommentBody } from '../comment-rules.ts';
import { sendIssueComment } from '../events.ts';
import type { Issue, IssueComment } from '../records.ts';
import { notAccessible } from '../refusal.ts';
import { viewIssueComment, viewReaction } from '../views/comment.ts';
import { viewIssue } from '../views/pull.ts';

function issueOf(call: Call): Issue {
  return call.world.issue(repositoryOf(call), number(call.path, 'issue_number'));
}

function commentOf(call: Call): IssueComment {
  const repo = repositoryOf(call);
  return byId(
    call.world.issueComments,
    number(call.path, 'comment_id'),
    (comment) => comment.issue.repo === repo,
  );
}

/** An App may change only what it wrote. @throws Refusal 403 */
function ownCommentOf(call: Call): IssueComment {
  const comment = commentOf(call);
  if (comment.author !== call.world.bot) throw notAccessible();
  return comment;
}

const create: Handler = (call) => {
  const { world, webhooks } = call;
  const issue = issueOf(call);
  const body = text(call.body, 'body') ?? '';
  checkCommentBody('IssueComment', body);
  const now = world.now();
  const comment: IssueComment = {
    id: world.nextId(),
    issue,
    author: world.bot,
    body,
    createdAt: now,
    updatedAt: now,
  };
  world.issueComments.set(comment.id, comment);
  webhooks.background(
    sendIssueComment({ world, webhooks, sender: world.bot }, comment, { action: 'created' }),
  );
  return { status: 201, body: viewIssueComment(world, comment) };
};

function react(call: Call, commentId: number): Answer {
  const { world } = call;
  const content = text(call.body, 'content') ?? '';
  const given = [...world.reactions.values()].find(
    (one) => one.commentId === commentId && one.content === content && one.user === world.bot,
  );
  if (given) return { status: 200, body: viewReaction(world, given) };
  const reaction = {
    id: world.nextId(),
    commentId,
    user: world.bot,
    content,
    createdAt: world.now(),
  };
  world.reactions.set(reaction.id, reaction);
  return { status: 201, body: viewReaction(world, reaction) };
}

/** Issues, the conversation of issues and pull requests, and reactions to all comments. */
export const issueHandlers = {
  'issues/get': (call) => ({ status: 200, body: viewIssue(call.world, issueOf(call)) }),
  'issues/create-comment': create,
  'issues/get-comment': (call) => ({
    status: 200,
    body: viewIssueComment(call.world, commentOf(call)),
  }),
  'issues/list-comments': (call) => {
    const issue = issueOf(call);
    const since = text(call.query, 'since') ?? '';
    const comments = [...call.world.issueComments.values()].filter(
      (one) => one.issue === issue && one.updatedAt >= since,
    );
    return page(call, comments, (comment) => viewIssueComment(call.world, comment));
  },
  'issues/update-comment': (call) => {
    const comment = ownCommentOf(call);
    const body = text(call.body, 'body') ?? '';
    checkCommentBody('IssueComment', body);
    comment.body = body;
    comment.updatedAt = call.world.now();
    return { status: 200, body: viewIssueComment(call.world, comment) };
  },
  'issues/delete-comment': (call) => {
    call.world.issueComments.delete(ownCommentOf(call).id);
    return { status: 204 };
  },
  'reactions/create-for-issue-comment': (call) => react(call, commentOf(call).id),
  'reactions/create-for-pull-request-review-comment': (call) => {
    const repo = repositoryOf(call);
    const id = number(call.path, 'comment_id');
    return react(
      call,
      byId(call.world.reviewComments, id, (one) => one.review.pullRequest.repo === repo).id,
    );
  },
  'reactions/list-for-issue-comment': (call) => {
    const { id } = commentOf(call);
    const content = call.query['content'];
    const given = [...call.world.reactions.values()].filter(
      (one) => one.commentId === id && (content === undefined || one.content === content),
    );
    return page(call, given, (reaction) => viewReaction(call.world, reaction));
  },
} satisfies Record<string, Handler>;
