import type { CommitSha } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';

/** An issue as it stands now. Its title and text are anybody's, and hostile: they are for an agent's prompt alone. */
export interface Issue {
  readonly number: number;
  readonly state: 'open' | 'closed';
  /** An issue can be made into a pull request, and then is none any more. */
  readonly isPullRequest: boolean;
  readonly title: string;
  /** Markdown, empty where there is none, at most 64 Ki characters. */
  readonly body: string;
}

/** A pull request to be, from a branch of the same repository. */
export interface NewPullRequest {
  readonly branch: string;
  readonly baseRef: string;
  readonly title: string;
  readonly body: string;
  readonly isDraft: boolean;
}

/** Issues, and what a pull request for one is made of. */
export interface Issues {
  get(repository: RepositoryRef, number: number): Promise<Issue>;
  /** The branch that pull requests go into unless somebody says another, and where it stands. */
  defaultBranch(
    repository: RepositoryRef,
  ): Promise<{ readonly name: string; readonly headSha: CommitSha }>;
  /** Is the commit one of the default branch's? False where it is gone, as after a history was rewritten. */
  isOnDefaultBranch(repository: RepositoryRef, sha: CommitSha): Promise<boolean>;
  /** Makes a branch at a commit. One that is there already stays as it is. */
  createBranch(repository: RepositoryRef, branch: string, sha: CommitSha): Promise<void>;
  /** Opens a pull request; its number. @throws SallyportError `github.rejected` also where one is open from there */
  openPullRequest(repository: RepositoryRef, wish: NewPullRequest): Promise<number>;
  /** Those of these labels that the repository has, as it spells them; 10 at most are asked for. */
  existingLabels(repository: RepositoryRef, labels: readonly string[]): Promise<readonly string[]>;
  /** Puts labels on an issue, beside those it has. To be asked only for labels that exist: GitHub makes others. */
  addLabels(repository: RepositoryRef, number: number, labels: readonly string[]): Promise<void>;
  /** This App's newest pull request from a branch of the repository, open or closed. */
  findPullRequest(repository: RepositoryRef, branch: string): Promise<number | undefined>;
}
