import type { IssueComment, Repository, Review, ReviewComment } from '../records.ts';
import { type ShownThread, threadById } from '../review-threads.ts';
import { nodeId, numberInNodeId } from '../views/account.ts';
import { isPullRequest } from '../world.ts';
import { admit, GraphQlRefusal, noNode } from './refusal.ts';
import {
  RESOLVE,
  type Viewer,
  viewComment,
  viewMinimizable,
  viewPull,
  viewThread,
} from './views.ts';

const READ = ['pull_requests:read'];

/** `Query.repository`. @throws GraphQlRefusal NOT_FOUND, FORBIDDEN */
export function repository(viewer: Viewer, args: { owner: string; name: string }): object {
  const name = `${args.owner}/${args.name}`;
  const missing = new GraphQlRefusal(
    'NOT_FOUND',
    `Could not resolve to a Repository with the name '${name}'.`,
  );
  const repo = viewer.world.repositories.get(name.toLowerCase());
  if (!repo) throw missing;
  admit(viewer.token, repo, { wanted: ['metadata:read'], missing });
  return {
    id: nodeId('R', repo.id),
    databaseId: repo.id,
    nameWithOwner: `${repo.owner.login}/${repo.name}`,
    pullRequest: ({ number }: { number: number }) => pullRequest(viewer, repo, number),
  };
}

function pullRequest(viewer: Viewer, repo: Repository, number: number): object {
  const missing = new GraphQlRefusal(
    'NOT_FOUND',
    `Could not resolve to a PullRequest with the number of ${number}.`,
  );
  admit(viewer.token, repo, { wanted: READ, missing });
  const issue = repo.issues.get(number);
  if (!issue || !isPullRequest(issue)) throw missing;
  return viewPull(viewer, issue);
}

/** `Query.node`, for threads and comments on the diff. @throws GraphQlRefusal NOT_FOUND, FORBIDDEN */
export function node(viewer: Viewer, { id }: { id: string }): object {
  const thread = threadById(viewer.world, numberInNodeId('PRRT', id) ?? 0);
  const comment = viewer.world.reviewComments.get(numberInNodeId('PRRC', id) ?? 0);
  const owner = thread?.first ?? comment;
  if (!owner) throw noNode(id);
  admit(viewer.token, owner.review.pullRequest.repo, { wanted: READ, missing: noNode(id) });
  return thread ? viewThread(viewer, thread) : viewComment(viewer, owner);
}

interface ThreadInput {
  readonly input: { readonly threadId: string; readonly clientMutationId?: string };
}

/** `Mutation.resolveReviewThread`; one that is resolved already stays so. @throws GraphQlRefusal NOT_FOUND, FORBIDDEN */
export function resolveReviewThread(viewer: Viewer, { input }: ThreadInput): object {
  const shown = resolvable(viewer, input.threadId);
  shown.thread.resolvedBy ??= viewer.world.bot;
  return changed(viewer, input, shown);
}

/** `Mutation.unresolveReviewThread`, whoever resolved it. @throws GraphQlRefusal NOT_FOUND, FORBIDDEN */
export function unresolveReviewThread(viewer: Viewer, { input }: ThreadInput): object {
  const shown = resolvable(viewer, input.threadId);
  shown.thread.resolvedBy = undefined;
  return changed(viewer, input, shown);
}

function resolvable(viewer: Viewer, threadId: string): ShownThread {
  const shown = threadById(viewer.world, numberInNodeId('PRRT', threadId) ?? 0);
  if (!shown) throw noNode(threadId);
  const { repo } = shown.first.review.pullRequest;
  admit(viewer.token, repo, { wanted: RESOLVE, missing: noNode(threadId) });
  return shown;
}

function changed(viewer: Viewer, input: ThreadInput['input'], shown: ShownThread): object {
  const { clientMutationId = null } = input;
  return { clientMutationId, thread: viewThread(viewer, shown) };
}

/** `Mutation.minimizeComment`, for comments and reviews. @throws GraphQlRefusal NOT_FOUND, FORBIDDEN */
export function minimizeComment(
  viewer: Viewer,
  { input }: { input: { subjectId: string; classifier: string; clientMutationId?: string } },
): object {
  const { subjectId, classifier, clientMutationId = null } = input;
  const subject = subjectOf(viewer, subjectId);
  if (!subject) throw noNode(subjectId);
  const wanted = ['pull_requests:write'];
  admit(viewer.token, subject.repo, { wanted, missing: noNode(subjectId) });
  const { record, typename } = subject;
  viewer.world.minimized.set(record.id, classifier);
  const view = {
    __typename: typename,
    id: subjectId,
    databaseId: record.id,
    body: record.body,
    ...viewMinimizable(viewer.world, record.id),
  };
  const { world } = viewer;
  const comment = world.reviewComments.get(record.id);
  return { clientMutationId, minimizedComment: comment ? viewComment(viewer, comment) : view };
}

interface Subject {
  readonly typename: string;
  readonly repo: Repository;
  readonly record: IssueComment | Review | ReviewComment;
}

function subjectOf({ world }: Viewer, id: string): Subject | undefined {
  const comment = world.reviewComments.get(numberInNodeId('PRRC', id) ?? 0);
  const issueComment = world.issueComments.get(numberInNodeId('IC', id) ?? 0);
  const review = world.reviews.get(numberInNodeId('PRR', id) ?? 0);
  const of = (typename: string, repo: Repository, record: Subject['record']): Subject => ({
    typename,
    repo,
    record,
  });
  if (comment) return of('PullRequestReviewComment', comment.review.pullRequest.repo, comment);
  if (issueComment) return of('IssueComment', issueComment.issue.repo, issueComment);
  return review && of('PullRequestReview', review.pullRequest.repo, review);
}
