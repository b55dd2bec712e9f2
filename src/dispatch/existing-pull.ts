import type { RepositoryRef } from '../domain/repository.ts';
import { hasCode } from '../errors.ts';
import type { PullRequest } from '../ports/github.ts';
import type { Context } from './context.ts';

/** The pull request of this number as it is now; undefined where there is none. @throws SallyportError `github.…` */
export async function existingPull(
  { github }: Pick<Context, 'github'>,
  repository: RepositoryRef,
  number: number,
): Promise<PullRequest | undefined> {
  try {
    return await github.pullRequests.get(repository, number);
  } catch (error) {
    if (!hasCode(error, 'github.not-found')) throw error;
    return undefined;
  }
}
