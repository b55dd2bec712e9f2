import type { CommitSha } from '../domain/ids.ts';
import type { RepoPath } from '../domain/repo-path.ts';
import type { Permission, RepositoryRef } from '../domain/repository.ts';
import type { CheckRuns } from './check-runs.ts';
import type { Conversations } from './conversations.ts';
import type { Files } from './files.ts';
import type { HookDeliveries } from './hook-deliveries.ts';
import type { Issues } from './issues.ts';
import type { OpenPage } from './open-pull-request.ts';
import type { Reach } from './reach.ts';
import type { ReviewThreads } from './review-threads.ts';
import type { SourceLocation } from './source.ts';

/** A pull request as it stands now. */
export interface PullRequest {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly isDraft: boolean;
  /** Anybody's words, and hostile: for an agent's prompt, and for nothing that decides or is posted. */
  readonly title: string;
  /** Markdown, empty where there is none, at most 64 Ki characters; hostile as the title is. */
  readonly body: string;
  readonly authorLogin: string;
  readonly authorId: number;
  readonly labels: readonly string[];
  readonly headSha: CommitSha;
  readonly baseSha: CommitSha;
  readonly baseRef: string;
  readonly headRef: string;
  /** Is the head in another repository (or in a deleted one)? */
  readonly isFork: boolean;
  /** When anything of it changed last, epoch ms, in whole seconds: a push, but a comment or a label as well. */
  readonly updatedAtMs: number;
}

/** A review comment on the right side of the diff. `startLine` only for more than one line. */
export interface ReviewComment {
  readonly path: string;
  readonly line: number;
  readonly startLine?: number;
  readonly body: string;
}

/** Pull requests and their reviews. Reviews are COMMENT reviews: Sallyport never approves. */
export interface PullRequests {
  get(repository: RepositoryRef, number: number): Promise<PullRequest>;
  /** Every changed path, both of a rename; null when GitHub does not list them all (3,000 files). */
  changedPaths(repository: RepositoryRef, number: number): Promise<readonly string[] | null>;
  /** One page, from 1, of the open ones, those that changed last first; 100 a page. */
  listOpen(repository: RepositoryRef, page: number): Promise<OpenPage>;
  createReview(
    repository: RepositoryRef,
    number: number,
    review: {
      readonly headSha: CommitSha;
      readonly body: string;
      readonly comments: readonly ReviewComment[];
    },
  ): Promise<number>;
  /** This App's review whose body ends with `marker`. */
  findReview(
    repository: RepositoryRef,
    number: number,
    marker: string,
  ): Promise<number | undefined>;
}

/** Permissions, asked for each time they matter and never cached. */
export interface Permissions {
  /** The standing of `login`; `none` when GitHub does not know them there. */
  of(repository: RepositoryRef, login: string): Promise<Permission>;
  /** Is `login` in this team (`organisation/slug`)? Null when the App may not know. */
  isInTeam(repository: RepositoryRef, team: string, login: string): Promise<boolean | null>;
}

/** Commits through the API, so that they are signed as the App's. */
export interface Commits {
  /**
   * `createCommitOnBranch` with `expectedHeadOid`; no fallback.
   * @throws SallyportError `github.stale-head` when the branch has moved
   */
  commitOnBranch(
    repository: RepositoryRef,
    commit: {
      readonly branch: string;
      readonly expectedHeadSha: CommitSha;
      readonly headline: string;
      readonly body: string;
      readonly additions: readonly { readonly path: RepoPath; readonly bytes: Uint8Array }[];
      readonly deletions: readonly RepoPath[];
    },
  ): Promise<CommitSha>;
  /** The SHA of a commit's tree: two commits with one tree have the same files. */
  treeOf(repository: RepositoryRef, sha: CommitSha): Promise<string>;
  /** The branch's head with its message and parents, to find a commit again after a crash. */
  branchHead(
    repository: RepositoryRef,
    branch: string,
  ): Promise<{
    readonly sha: CommitSha;
    readonly message: string;
    readonly parents: readonly string[];
  }>;
}

/**
 * GitHub, as one installation sees it; every call mints or reuses a token for that repository alone, but `reach`,
 * which reads metadata of all that an installation has.
 * @throws SallyportError `github.unavailable`, `github.forbidden`, `github.not-found`, `github.rejected`
 */
export interface GitHub {
  readonly checkRuns: CheckRuns;
  readonly pullRequests: PullRequests;
  readonly reviewThreads: ReviewThreads;
  readonly issues: Issues;
  readonly conversations: Conversations;
  readonly permissions: Permissions;
  readonly commits: Commits;
  readonly files: Files;
  readonly hookDeliveries: HookDeliveries;
  readonly reach: Reach;
  /** Where to fetch the repository from; its token can read contents of this repository and nothing else. */
  sourceOf(repository: RepositoryRef): SourceLocation;
}
