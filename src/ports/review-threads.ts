import type { CommitSha } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';

/** A thread that a review comment of this App started. */
export interface OwnThread {
  /** GraphQL node ids. */
  readonly threadId: string;
  readonly commentNodeId: string;
  /** REST id and Markdown of the first comment. */
  readonly commentId: number;
  readonly body: string;
  readonly isResolved: boolean;
  /** Login of who resolved it; null when nobody did, when this App did, and when GitHub does not say. */
  readonly resolvedBy: string | null;
  /** Account id of `resolvedBy`; null exactly when that is. */
  readonly resolvedById: number | null;
  readonly isOutdated: boolean;
  readonly isMinimised: boolean;
  /** Did anybody but this App write in it? True as well where it has more comments than were looked at. */
  readonly isAnswered: boolean;
  /** Who put 👎 on the first comment, people only (no bots); at most 20. */
  readonly dislikedBy: readonly { readonly id: number; readonly login: string }[];
}

/** The threads of a pull request's reviews. */
export interface ReviewThreads {
  /** Oldest first. Of a pull request with more than 1,000 threads, of whomever, those among the first 1,000. */
  list(repository: RepositoryRef, number: number): Promise<readonly OwnThread[]>;
  /** Idempotent, as are the next two. @throws SallyportError `github.forbidden` where the App may not write contents */
  resolve(repository: RepositoryRef, threadId: string): Promise<void>;
  unresolve(repository: RepositoryRef, threadId: string): Promise<void>;
  minimise(
    repository: RepositoryRef,
    nodeId: string,
    reason: 'outdated' | 'resolved',
  ): Promise<void>;
  /** A comment on a file of the diff as a whole; its REST id. Starts a thread. */
  commentOnFile(
    repository: RepositoryRef,
    number: number,
    comment: { readonly headSha: CommitSha; readonly path: string; readonly body: string },
  ): Promise<number>;
}
