import { sendReviewComment } from './events.ts';
import { PlaceActs } from './place-acts.ts';
import type { Review, ReviewComment } from './records.ts';
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
}
