import type { PullRequest, ReviewComment, ReviewThread } from './records.ts';
import type { World } from './world.ts';

/** A thread as it is shown: its comments, oldest first; a thread whose comments are all deleted is gone. */
export interface ShownThread {
  readonly thread: ReviewThread;
  readonly first: ReviewComment;
  readonly comments: readonly ReviewComment[];
}

/** The threads of a pull request, oldest first. What is still pending is nobody's to see. */
export function threadsOf(world: World, pullRequest: PullRequest): ShownThread[] {
  const threads = new Map<ReviewThread, ReviewComment[]>();
  for (const comment of world.reviewComments.values()) {
    if (comment.review.pullRequest !== pullRequest || comment.review.state === 'PENDING') continue;
    threads.set(comment.thread, [...(threads.get(comment.thread) ?? []), comment]);
  }
  return [...threads].flatMap(([thread, comments]) =>
    comments.slice(0, 1).map((first) => ({ thread, first, comments })),
  );
}

/** The shown thread with that id, of whatever pull request. */
export function threadById(world: World, id: number): ShownThread | undefined {
  const comment = [...world.reviewComments.values()].find(({ thread }) => thread.id === id);
  return (
    comment && threadsOf(world, comment.review.pullRequest).find((one) => one.thread.id === id)
  );
}
