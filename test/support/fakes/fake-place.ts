import type { RepositoryRef } from '../../../src/domain/repository.ts';
import { SallyportError } from '../../../src/errors.ts';

/** Is this of that pull request? */
export function isOf(
  thing: { readonly repositoryId: number; readonly number: number },
  repository: RepositoryRef,
  number: number,
): boolean {
  return thing.repositoryId === repository.repositoryId && thing.number === number;
}

/** @throws SallyportError `github.not-found`, as GitHub says it */
export function absent(what: string): never {
  throw new SallyportError('github.not-found', `there is no ${what}`);
}
