import type { CommitSha } from '../domain/ids.ts';
import type { Actor } from '../domain/repository.ts';

/** An open pull request as lists have it. */
export interface OpenPullRequest {
  readonly number: number;
  readonly headSha: CommitSha;
  readonly baseRef: string;
  readonly isDraft: boolean;
  readonly author: Actor;
  /** When anything about it changed last, epoch ms. */
  readonly updatedAtMs: number;
}

/** One page of a list of them. */
export interface OpenPage {
  readonly pulls: readonly OpenPullRequest[];
  readonly hasMore: boolean;
}
