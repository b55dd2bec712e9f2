import type { CommitSha } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';

/** A repository that the App is installed on. */
export interface FoundRepository {
  readonly repository: RepositoryRef;
  readonly defaultBranch: string;
}

/** A file as it stands in a commit. A link, a folder or what is too large has no content, but a reason. */
export type PolicyFile =
  | { readonly kind: 'file'; readonly content: Uint8Array }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A pull request as far as policies ask about it. */
export interface PolicyPull {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly isDraft: boolean;
  readonly isFork: boolean;
  readonly author: { readonly id: number; readonly login: string };
  readonly baseBranch: string;
  readonly headSha: CommitSha;
  readonly labels: readonly string[];
  /** Changed files, both names of a renamed one; null when there are more than GitHub lists. */
  readonly paths: readonly string[] | null;
}

/**
 * What is read of GitHub to explain and to check a policy; nothing is written.
 * @throws SallyportError `github.unavailable`, `github.forbidden`, `github.not-found`, `github.rejected`
 */
export interface PolicyFacts {
  /** Undefined when the App is not installed there, or there is no such repository. */
  find(owner: string, name: string): Promise<FoundRepository | undefined>;
  /** A file of at most 1 MiB in a commit or at the tip of a branch, never of a tag; undefined when there is none. */
  file(repository: RepositoryRef, ref: string, path: string): Promise<PolicyFile | undefined>;
  pullRequest(repository: RepositoryRef, number: number): Promise<PolicyPull>;
  /** The commit in which the head has left the base, a branch or a commit. */
  mergeBase(
    repository: RepositoryRef,
    sides: { readonly base: string; readonly head: string },
  ): Promise<CommitSha>;
}
