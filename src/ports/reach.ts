import type { RepositoryRef } from '../domain/repository.ts';

/** What the App is installed on, with work in it or without. @throws SallyportError `github.…` */
export interface Reach {
  /** Ids of the installations that are not suspended, in rising order, up to 10,000. */
  installations(): Promise<readonly number[]>;
  /**
   * One page, from 1, of the repositories that an installation reaches, without those that take nothing (archived or
   * disabled); 100 a page at most.
   */
  repositories(
    installationId: number,
    page: number,
  ): Promise<{ readonly repositories: readonly RepositoryRef[]; readonly hasMore: boolean }>;
}
