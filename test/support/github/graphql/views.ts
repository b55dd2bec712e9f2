import { grants } from '../permissions.ts';
import type { InstallationToken, PullRequest, ReviewComment } from '../records.ts';
import { type ShownThread, threadsOf } from '../review-threads.ts';
import { nodeId } from '../views/account.ts';
import type { World } from '../world.ts';
import { viewActor } from './actor.ts';
import { connection, type PageArguments } from './connection.ts';
import { viewReactable } from './reactable.ts';

/** Who asks, and of what. */
export interface Viewer {
  readonly world: World;
  readonly token: InstallationToken;
}

/** An id with what belongs to it, for lists that count by ids. */
interface Numbered<T> {
  readonly id: number;
  readonly item: T;
}

/** `Minimizable`: the reason is written otherwise than it was given. */
export function viewMinimizable(world: World, id: number): object {
  const reason = world.minimized.get(id);
  return {
    isMinimized: reason !== undefined,
    minimizedReason: reason?.toLowerCase().replace('_', '-') ?? null,
  };
}

/** `PullRequest`. */
export function viewPull(viewer: Viewer, pullRequest: PullRequest): object {
  return {
    __typename: 'PullRequest',
    id: nodeId('PR', pullRequest.pull.id),
    number: pullRequest.number,
    headRefOid: pullRequest.pull.headSha,
    reviewThreads: (args: PageArguments) => {
      const threads = threadsOf(viewer.world, pullRequest).map(
        (item): Numbered<ShownThread> => ({ id: item.thread.id, item }),
      );
      return connection('reviewThreads', threads, args, ({ item }) => viewThread(viewer, item));
    },
  };
}

/** `PullRequestReviewThread`. Whoever resolved it is a `User`, bots too: the schema knows no other. */
export function viewThread(viewer: Viewer, { thread, first, comments }: ShownThread): object {
  const { anchor } = first;
  const { permissions } = viewer.token;
  return {
    __typename: 'PullRequestReviewThread',
    id: nodeId('PRRT', thread.id),
    isResolved: thread.resolvedBy !== undefined,
    resolvedBy: thread.resolvedBy ? { ...viewActor(thread.resolvedBy), __typename: 'User' } : null,
    isOutdated: anchor.position === null,
    viewerCanResolve: RESOLVE.every((one) => grants(permissions, one)),
    path: anchor.path,
    diffSide: anchor.side,
    line: anchor.line,
    startLine: anchor.startLine,
    originalLine: anchor.originalLine,
    originalStartLine: anchor.originalStartLine,
    subjectType: anchor.subjectType.toUpperCase(),
    pullRequest: () => viewPull(viewer, first.review.pullRequest),
    comments: (args: PageArguments) =>
      connection('comments', comments, args, (one) => viewComment(viewer, one)),
  };
}

/** Resolving needs write access to contents, although it writes none (github/gh-aw#35726). */
export const RESOLVE: readonly string[] = ['contents:write', 'pull_requests:write'];

/** `PullRequestReviewComment`. `databaseId` has 32 bits and is on its way out; `fullDatabaseId` is a string. */
export function viewComment(viewer: Viewer, comment: ReviewComment): object {
  const { world } = viewer;
  const { anchor } = comment;
  return {
    __typename: 'PullRequestReviewComment',
    id: nodeId('PRRC', comment.id),
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    author: viewActor(comment.author),
    viewerDidAuthor: comment.author === world.bot,
    body: comment.body,
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    path: anchor.path,
    line: anchor.line,
    startLine: anchor.startLine,
    originalLine: anchor.originalLine,
    outdated: anchor.position === null,
    subjectType: anchor.subjectType.toUpperCase(),
    state: comment.review.state === 'PENDING' ? 'PENDING' : 'SUBMITTED',
    replyTo: () => viewParent(viewer, comment),
    ...viewReactable(world, comment.id),
    ...viewMinimizable(world, comment.id),
  };
}

function viewParent(viewer: Viewer, { inReplyTo }: ReviewComment): object | null {
  const parent = inReplyTo === undefined ? undefined : viewer.world.reviewComments.get(inReplyTo);
  return parent ? viewComment(viewer, parent) : null;
}
