import type { CommitSha } from '../domain/ids.ts';
import type { RepoPath } from '../domain/repo-path.ts';
import type { Permission, RepositoryRef } from '../domain/repository.ts';
import type { Conversations } from './conversations.ts';
import type { Files } from './files.ts';
import type { HookDeliveries } from './hook-deliveries.ts';
import type { Issues } from './issues.ts';
import type { OpenPage } from './open-pull-request.ts';
import type { Reach } from './reach.ts';
import type { SourceLocation } from './source.ts';

/** How a check run can end, of GitHub's list those that an App may set. */
export type CheckConclusion =
  | 'action_required'
  | 'cancelled'
  | 'failure'
  | 'neutral'
  | 'success'
  | 'skipped'
  | 'timed_out';

/** Annotation of a check run; lines 1-based inclusive; columns only when it is on one line (GitHub's rule). */
export interface CheckAnnotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly startColumn?: number;
  readonly endColumn?: number;
  readonly level: 'notice' | 'warning' | 'failure';
  /** At most 255 characters. */
  readonly title: string;
  /** At most 64 KiB. */
  readonly message: string;
}

/** A button on a check run: label ≤ 20, description ≤ 40, identifier ≤ 20 characters; at most 3 a run. */
export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

/** Title and texts of a check run; each text at most 65,535 characters. */
export interface CheckOutput {
  readonly title: string;
  readonly summary: string;
  readonly text?: string;
}

/** Either still open, or completed with a conclusion. */
export type CheckState =
  | { readonly status: 'queued' | 'in_progress' }
  | { readonly status: 'completed'; readonly conclusion: CheckConclusion };

/** A check run of this App on a commit. */
export interface OwnCheckRun {
  readonly id: number;
  readonly name: string;
  readonly externalId: string;
  /** Null while it is open. */
  readonly conclusion: string | null;
}

/** Check runs. `update` appends annotations; the adapter splits them by 50, GitHub's limit a request. */
export interface CheckRuns {
  create(
    repository: RepositoryRef,
    run: {
      readonly name: string;
      readonly headSha: CommitSha;
      readonly externalId: string;
      readonly state: CheckState;
      readonly output: CheckOutput;
    },
  ): Promise<number>;
  update(
    repository: RepositoryRef,
    checkRunId: number,
    change: {
      readonly state: CheckState;
      readonly output: CheckOutput;
      /** All annotations of the run, in a stable order; those already there (by count) are not sent again. */
      readonly annotations?: readonly CheckAnnotation[];
      readonly actions?: readonly CheckAction[];
    },
  ): Promise<void>;
  /** Changes what an open check run says and nothing else: one that has ended meanwhile stays ended. */
  tell(repository: RepositoryRef, checkRunId: number, output: CheckOutput): Promise<void>;
  /** This App's check run with that external id on that commit, if there is one. */
  find(
    repository: RepositoryRef,
    headSha: CommitSha,
    externalId: string,
  ): Promise<number | undefined>;
  /** This App's check runs on a commit, newest first. A name's newest is what GitHub holds a merge to. */
  list(repository: RepositoryRef, headSha: CommitSha): Promise<readonly OwnCheckRun[]>;
}

/** A pull request as it stands now. */
export interface PullRequest {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly isDraft: boolean;
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
  /** This App's review whose body contains `marker`. */
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
 * GitHub, as one installation sees it; every call mints or reuses a token for that repository alone.
 * @throws SallyportError `github.unavailable`, `github.forbidden`, `github.not-found`, `github.rejected`
 */
export interface GitHub {
  readonly checkRuns: CheckRuns;
  readonly pullRequests: PullRequests;
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
