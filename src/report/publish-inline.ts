import type { Task } from '../domain/task.ts';
import { hasCode } from '../errors.ts';
import type { ReviewComment } from '../ports/github.ts';
import { findingIdIn } from './inline/marker.ts';
import type { PublishPlan } from './inline/publish-plan.ts';
import type { Upkeep } from './inline/upkeep.ts';
import { reviewMarker } from './plan-report.ts';
import {
  type Published,
  type Publisher,
  publishOnce,
  refusedCodes,
  unlessRefused,
} from './publish.ts';

/** What became of a plan. */
export interface PublishedInline {
  /** Null when the plan has no review. */
  readonly review: Published | null;
  /** Ids of the findings whose comments GitHub refused for good. */
  readonly refused: readonly string[];
}

/**
 * Carries out a plan, each part once; safe to repeat after a crash at any point. Comments first: they are what people
 * wait for.
 * @throws SallyportError whatever is worth another try
 */
export async function publishInline(
  publisher: Publisher,
  task: Task,
  { plan, body }: { readonly plan: PublishPlan; readonly body: string | null },
): Promise<PublishedInline> {
  const review = body === null ? null : await publishReview(publisher, task, { plan, body });
  const refused = review?.status === 'refused' ? plan.comments.map(({ id }) => id) : [];
  for (const comment of plan.fileComments) {
    const published = await publishOnFile(publisher, task, comment);
    if (published.status === 'refused') refused.push(comment.id);
  }
  for (const upkeep of plan.upkeep) await keepUp(publisher, task, upkeep);
  return { review, refused };
}

function publishReview(
  publisher: Publisher,
  task: Task,
  { plan, body }: { readonly plan: PublishPlan; readonly body: string },
): Promise<Published> {
  const { id: taskId, repository, pullRequest, headSha } = task;
  const { pullRequests } = publisher.github;
  const marker = reviewMarker(task);
  const comments = plan.comments.map(toReviewComment);
  return publishOnce(
    publisher,
    { taskId, step: 'review' },
    {
      find: () => pullRequests.findReview(repository, pullRequest, marker),
      make: () => pullRequests.createReview(repository, pullRequest, { headSha, body, comments }),
    },
  );
}

function toReviewComment({
  path,
  line,
  startLine,
  body,
}: PublishPlan['comments'][number]): ReviewComment {
  return startLine === undefined ? { path, line, body } : { path, startLine, line, body };
}

function publishOnFile(
  publisher: Publisher,
  { id: taskId, repository, pullRequest, headSha }: Task,
  { id, path, body }: PublishPlan['fileComments'][number],
): Promise<Published> {
  const { reviewThreads } = publisher.github;
  return publishOnce(
    publisher,
    { taskId, step: `file:${id}` },
    {
      find: async () => {
        const threads = await reviewThreads.list(repository, pullRequest);
        return threads.find((thread) => findingIdIn(thread.body) === id)?.commentId;
      },
      make: () => reviewThreads.commentOnFile(repository, pullRequest, { headSha, path, body }),
    },
  );
}

/**
 * Done again it changes nothing, so a step is kept only to save requests. A thread that is gone, or that we may do nothing
 * to, is left: the check says what there is to say.
 */
async function keepUp(
  { github, steps }: Publisher,
  { id: taskId, repository }: Task,
  upkeep: Upkeep,
): Promise<void> {
  const step = `thread:${upkeep.threadId}`;
  if ((await steps.find(taskId, step)) !== undefined) return;
  const { commentId, body } = upkeep;
  const reword = async (): Promise<void> => {
    const ref = { commentId, isInThread: true };
    if (body !== null) await github.conversations.update(repository, ref, body);
  };
  const move = () => moveThread(github, repository, upkeep);
  // One that is closed always has its word: without it, it is one that people resolved. So a thread that GitHub does
  // not let us open keeps it.
  const isOpened = upkeep.move === 'unresolve';
  const first = await unlessRefused(refusedCodes, isOpened ? move : reword);
  const isLeft = isOpened && first.status === 'refused';
  const second = isLeft ? first : await unlessRefused(refusedCodes, isOpened ? reword : move);
  await steps.keep(taskId, step, `${first.status} ${second.status}`);
}

async function moveThread(
  { reviewThreads }: Publisher['github'],
  repository: Task['repository'],
  { threadId, commentNodeId, move }: Upkeep,
): Promise<void> {
  switch (move) {
    case 'resolve':
      return reviewThreads.resolve(repository, threadId);
    case 'resolve-or-fold':
      return resolveOrFold(reviewThreads, repository, { threadId, commentNodeId });
    case 'unresolve':
      return reviewThreads.unresolve(repository, threadId);
    case 'minimise':
      return reviewThreads.minimise(repository, commentNodeId, 'outdated');
    case 'nothing':
      return undefined;
  }
}

/** To resolve takes the permission to write contents, which an installation need not have: then it is folded away. */
async function resolveOrFold(
  reviewThreads: Publisher['github']['reviewThreads'],
  repository: Task['repository'],
  { threadId, commentNodeId }: Pick<Upkeep, 'threadId' | 'commentNodeId'>,
): Promise<void> {
  try {
    await reviewThreads.resolve(repository, threadId);
  } catch (error) {
    if (!hasCode(error, 'github.forbidden')) throw error;
    await reviewThreads.minimise(repository, commentNodeId, 'resolved');
  }
}
