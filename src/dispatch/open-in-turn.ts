import type { RepositoryRef } from '../domain/repository.ts';
import type { OpenPullRequest } from '../ports/open-pull-request.ts';
import type { Context } from './context.ts';

/**
 * The open pull requests of one look: the page of those that changed last, and of the pages behind it the one whose
 * turn it is. @throws SallyportError as GitHub answers
 */
export async function openInTurn(
  context: Context,
  repository: RepositoryRef,
): Promise<readonly OpenPullRequest[]> {
  const { pullRequests } = context.github;
  const newest = await pullRequests.listOpen(repository, 1);
  if (!newest.hasMore) return newest.pulls;
  const { cursors } = context.store;
  const name = `open-pulls-${repository.repositoryId}`;
  const last = await cursors.at(name);
  const page = Math.max(last + 1, 2);
  const older = await pullRequests.listOpen(repository, page);
  await cursors.move(name, last, older.hasMore ? page : 0);
  return [...newest.pulls, ...older.pulls];
}
