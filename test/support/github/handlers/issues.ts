import { byId, type Call, type Handler, number, page, repositoryOf, text } from '../call.ts';
import { checkCommentBody } from '../comment-rules.ts';
import { sendIssueComment } from '../events.ts';
import { isObject, textOf } from '../json.ts';
import { labelIssue } from '../labels.ts';
import type { Issue, IssueComment } from '../records.ts';
import { notAccessible } from '../refusal.ts';
import { viewIssueComment } from '../views/comment.ts';
import { viewLabel, viewLabels } from '../views/label.ts';
import { viewIssue } from '../views/pull.ts';
import { found } from '../world.ts';

function issueOf(call: Call): Issue {
  return call.world.issue(repositoryOf(call), number(call.path, 'issue_number'));
}

/** The comment of the conversation that the path names. @throws Refusal 404 */
export function issueCommentOf(call: Call): IssueComment {
  const repo = repositoryOf(call);
  return byId(
    call.world.issueComments,
    number(call.path, 'comment_id'),
    (comment) => comment.issue.repo === repo,
  );
}

/** An App may change only what it wrote. @throws Refusal 403 */
function ownCommentOf(call: Call): IssueComment {
  const comment = issueCommentOf(call);
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

/** Labels as names, or as objects with names. Those that are missing in the repository are made. */
const addLabels: Handler = (call) => {
  const { world, webhooks } = call;
  const issue = issueOf(call);
  const wanted = Array.isArray(call.body['labels']) ? call.body['labels'] : [];
  const names = wanted.map((one) => textOf(isObject(one) ? one['name'] : one));
  webhooks.background(labelIssue({ world, webhooks, sender: world.bot }, issue, names));
  return { status: 200, body: viewLabels(world, issue) };
};

const getLabel: Handler = (call) => {
  const repo = repositoryOf(call);
  const label = found(repo.labels.get(textOf(call.path['name']).toLowerCase()));
  return { status: 200, body: viewLabel(call.world, repo, label) };
};

/** Issues with their labels, and the conversation of issues and pull requests. */
export const issueHandlers = {
  'issues/add-labels': addLabels,
  'issues/get-label': getLabel,
  'issues/get': (call) => ({ status: 200, body: viewIssue(call.world, issueOf(call)) }),
  'issues/create-comment': create,
  'issues/get-comment': (call) => ({
    status: 200,
    body: viewIssueComment(call.world, issueCommentOf(call)),
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
} satisfies Record<string, Handler>;
