import type { Issue, IssueComment, Review, ReviewComment, User } from '../records.ts';
import type { World } from '../world.ts';
import { viewDiff, viewReviewBody } from './diff-view.ts';
import { html, type SafeHtml } from './html.ts';
import { markdown } from './markdown.ts';
import { whenOf } from './when.ts';

const EMOJI: Readonly<Record<string, string>> = {
  '+1': '👍',
  '-1': '👎',
  laugh: '😄',
  confused: '😕',
  heart: '❤️',
  hooray: '🎉',
  rocket: '🚀',
  eyes: '👀',
};

const VERDICTS: Readonly<Record<Review['state'], string>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'requested changes',
  COMMENTED: 'reviewed',
  PENDING: 'is still reviewing',
};

/** How many lines of a hunk are shown above the commented line. */
const SHOWN_LINES = 8;

/** The description, then comments and reviews in the order they came. */
export function viewConversation(world: World, issue: Issue): SafeHtml {
  const comments = [...world.issueComments.values()].filter((one) => one.issue === issue);
  const reviews = [...world.reviews.values()].filter(
    (one) => one.pullRequest === issue && isShown(world, one),
  );
  // Ids grow with time and, unlike times, never tie.
  const items = [
    ...comments.map((one) => ({ id: one.id, view: viewComment(world, one) })),
    ...reviews.map((one) => ({ id: one.id, view: viewReview(world, one) })),
  ].toSorted((a, b) => a.id - b.id);
  const description = card(
    byline(issue.author, 'wrote', issue.createdAt),
    markdown(issue.body ?? '*No description.*'),
  );
  return html`<section><h2>Conversation</h2>${description}${items.map((item) => item.view)}</section>`;
}

/** A reply makes a review of its own, which has nothing to show but the reply. */
function isShown(world: World, review: Review): boolean {
  const own = [...world.reviewComments.values()].filter((one) => one.review === review);
  return (
    review.body !== '' ||
    review.state !== 'COMMENTED' ||
    own.some((one) => one.inReplyTo === undefined)
  );
}

function card(header: SafeHtml, body: SafeHtml): SafeHtml {
  return html`<article class="card"><header>${header}</header><div class="body">${body}</div></article>`;
}

function byline(user: User, verb: string, at: string): SafeHtml {
  const bot = user.type === 'Bot' ? html` <span class="badge">bot</span>` : html``;
  return html`<span><strong>${user.login}</strong>${bot} ${verb}</span> <time class="muted" datetime="${at}">${whenOf(at)}</time>`;
}

function viewComment(world: World, comment: IssueComment): SafeHtml {
  const body = html`${markdown(comment.body)}${viewReactions(world, comment.id)}`;
  return html`<div id="issuecomment-${comment.id}">${card(byline(comment.author, 'commented', comment.createdAt), body)}</div>`;
}

function viewReactions(world: World, commentId: number): SafeHtml {
  const given = [...world.reactions.values()].filter((one) => one.commentId === commentId);
  if (given.length === 0) return html``;
  const shown = given.map(
    (one) =>
      html`<span class="reaction" title="${one.content}">${EMOJI[one.content] ?? one.content} ${one.user.login}</span> `,
  );
  return html`<p>${shown}</p>`;
}

function viewReview(world: World, review: Review): SafeHtml {
  const all = [...world.reviewComments.values()];
  const threads = all.filter((one) => one.review === review && one.inReplyTo === undefined);
  const views = threads.map((top) =>
    viewThread(
      world,
      top,
      all.filter((one) => one.inReplyTo === top.id),
    ),
  );
  const commit = html` <code>${review.commitId.slice(0, 7)}</code>`;
  const header = html`${byline(review.author, VERDICTS[review.state], review.submittedAt)}${commit}`;
  return html`<div id="pullrequestreview-${review.id}">${card(header, html`${markdown(review.body)}${views}`)}</div>`;
}

function viewThread(world: World, top: ReviewComment, replies: readonly ReviewComment[]): SafeHtml {
  const { anchor } = top;
  const lines =
    anchor.originalStartLine === null
      ? `${anchor.originalLine ?? 'file'}`
      : `${anchor.originalStartLine}–${anchor.originalLine}`;
  const isOutdated = anchor.subjectType === 'line' && anchor.line === null;
  const outdated = isOutdated ? html` <span class="badge">outdated</span>` : html``;
  const header = html`<span class="path" id="discussion_r${top.id}">${anchor.path}:${lines}</span>${outdated}`;
  const hunk =
    anchor.diffHunk === '' ? html`` : viewDiff(anchor.diffHunk.split('\n').slice(-SHOWN_LINES));
  const bodies = [top, ...replies].map(
    (one) =>
      html`<p>${byline(one.author, one === top ? 'commented' : 'replied', one.createdAt)}</p>${viewReviewBody(one)}${viewReactions(world, one.id)}`,
  );
  return card(header, html`${hunk}${bodies}`);
}
