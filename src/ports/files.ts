import type { RepositoryRef } from '../domain/repository.ts';

/** A file as it stands on a branch. */
export interface RepositoryFile {
  /** SHA-1 of the object: the same content has the same, whoever commits it. */
  readonly blobSha: string;
  /** Null for what is no file (a link is none) or larger than 1 MiB. */
  readonly content: Uint8Array | null;
}

/** Files of repositories, as they stand now. Undefined: there is none of that path. */
export interface Files {
  onBranch(
    repository: RepositoryRef,
    branch: string,
    path: string,
  ): Promise<RepositoryFile | undefined>;
  /**
   * In the default branch of the `.github` repository that has the same owner. Undefined: there is none, for
   * certain, as the installation has all repositories or the repository could be read.
   * @throws SallyportError `github.not-found` when the installation does not have the repository, if there is
   * one; `github.forbidden` when it has it and may not read it
   */
  ofOwner(repository: RepositoryRef, path: string): Promise<RepositoryFile | undefined>;
}
