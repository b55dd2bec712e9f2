import { type CommitRecord, readCommit } from './commits.ts';
import { gitBytes } from './git.ts';
import { branchHead } from './git-repository.ts';
import type {
  Annotation,
  CheckRun,
  Delivery,
  IssueComment,
  PullRequest,
  Reaction,
  Review,
  ReviewComment,
} from './records.ts';
import { type ShownThread, threadsOf } from './review-threads.ts';
import type { Webhooks } from './webhooks.ts';
import { found, type World } from './world.ts';

/** What tests look at, by `owner/name`, `owner/name` and number, or id. All lists are oldest first. */
export class Readers {
  readonly world: World;
  readonly webhooks: Webhooks;

  constructor(world: World, webhooks: Webhooks) {
    this.world = world;
    this.webhooks = webhooks;
  }

  /** Every attempt to deliver a webhook. */
  get deliveries(): readonly Delivery[] {
    return this.world.deliveries;
  }

  /** Resolves when the events that API requests caused have been delivered. */
  settled(): Promise<void> {
    return this.webhooks.settled();
  }

  pullRequest(repo: string, number: number): PullRequest {
    return this.world.pullRequest(this.world.repository(repo), number);
  }

  /** The check runs of a commit, those of other Apps included. */
  checkRuns(repo: string, sha: string): CheckRun[] {
    const repository = this.world.repository(repo);
    return [...this.world.checkRuns.values()].filter(
      ({ suite }) => suite.repo === repository && suite.headSha === sha,
    );
  }

  annotations(checkRunId: number): readonly Annotation[] {
    return found(this.world.checkRuns.get(checkRunId)).annotations;
  }

  reviews(repo: string, number: number): Review[] {
    const pullRequest = this.pullRequest(repo, number);
    return [...this.world.reviews.values()].filter((review) => review.pullRequest === pullRequest);
  }

  reviewComments(repo: string, number: number): ReviewComment[] {
    const pullRequest = this.pullRequest(repo, number);
    return [...this.world.reviewComments.values()].filter(
      ({ review }) => review.pullRequest === pullRequest,
    );
  }

  /** The threads of a pull request, each with its comments, oldest first. */
  reviewThreads(repo: string, number: number): ShownThread[] {
    return threadsOf(this.world, this.pullRequest(repo, number));
  }

  issueComments(repo: string, number: number): IssueComment[] {
    const issue = this.world.issue(this.world.repository(repo), number);
    return [...this.world.issueComments.values()].filter((comment) => comment.issue === issue);
  }

  reactions(commentId: number): Reaction[] {
    return [...this.world.reactions.values()].filter(
      (reaction) => reaction.commentId === commentId,
    );
  }

  commit(repo: string, sha: string): Promise<CommitRecord> {
    return readCommit(this.world.repository(repo).gitDir, sha);
  }

  branchHead(repo: string, branch: string): Promise<string | undefined> {
    return branchHead(this.world.repository(repo).gitDir, branch);
  }

  /** The bytes of a file at a commit or branch. @throws GitFailure when there is none */
  file(repo: string, ref: string, path: string): Promise<Buffer> {
    return gitBytes(this.world.repository(repo).gitDir, ['cat-file', 'blob', `${ref}:${path}`]);
  }
}
