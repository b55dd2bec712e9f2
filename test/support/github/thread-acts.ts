import { sendReviewComment } from './events.ts';
import { PlaceActs } from './place-acts.ts';
import { addReaction } from './reactions.ts';
import type { Reaction, ReactionContent, Review, ReviewComment, ReviewThread } from './records.ts';
import { found } from './world.ts';

/** What people do in the threads of reviews. */
export class ThreadActs extends PlaceActs {
  /** Replies to a thread's first comment: `pull_request_review_comment.created`. */
  async replyInThread(rootId: number, login: string, body: string): Promise<ReviewComment> {
    const root = found(this.world.reviewComments.get(rootId));
    const author = this.world.addUser(login);
    const now = this.world.now();
    const { pullRequest } = root.review;
    const review: Review = {
      id: this.world.nextId(),
      pullRequest,
      author,
      body: '',
      state: 'COMMENTED',
      commitId: root.commitId,
      submittedAt: now,
    };
    this.world.reviews.set(review.id, review);
    const comment: ReviewComment = {
      id: this.world.nextId(),
      review,
      author,
      body,
      anchor: { ...root.anchor },
      thread: root.thread,
      inReplyTo: root.id,
      commitId: root.commitId,
      originalCommitId: root.originalCommitId,
      createdAt: now,
      updatedAt: now,
    };
    this.world.reviewComments.set(comment.id, comment);
    await sendReviewComment(this.scene(author), comment);
    return comment;
  }

  /** Resolves the thread of a comment. The App has not asked to hear of it. @throws Error for who may not */
  resolveThread(commentId: number, login: string): void {
    this.#threadFor(commentId, login).resolvedBy = this.world.user(login);
  }

  /** Opens a resolved thread again. @throws Error for who may not */
  unresolveThread(commentId: number, login: string): void {
    this.#threadFor(commentId, login).resolvedBy = undefined;
  }

  /** Reacts to a comment of the conversation or of a review. GitHub sends no webhook for reactions. */
  react(commentId: number, login: string, content: ReactionContent): Reaction {
    const user = this.world.addUser(login);
    found(this.world.reviewComments.get(commentId) ?? this.world.issueComments.get(commentId));
    return addReaction(this.world, { commentId, user, content }).reaction;
  }

  /** Who opened the pull request or has write access may resolve (docs.github.com, resolving conversations). */
  #threadFor(commentId: number, login: string): ReviewThread {
    const { thread, review } = found(this.world.reviewComments.get(commentId));
    const { author, repo } = review.pullRequest;
    const user = this.world.user(login);
    const role = repo.roles.get(login.toLowerCase())?.permission;
    if (user !== author && user !== repo.owner && role !== 'admin' && role !== 'write')
      throw new Error(`${login} may not resolve threads of ${repo.name}`);
    return thread;
  }
}
