import type { Permission, RepositoryRef } from '../domain/repository.ts';
import type { Person } from '../policy/decide/person.ts';
import type { GitHub, PullRequest } from '../ports/github.ts';

/** Whom a decision is about, and where. */
export interface PersonQuestion {
  readonly repository: RepositoryRef;
  readonly who: Pick<Person, 'id' | 'login'>;
  /** Null on an issue. */
  readonly pullRequest: Pick<PullRequest, 'authorId'> | null;
}

/** Somebody whose permission was read. */
export type ReadPerson = Person & { readonly permission: Permission };

/** What GitHub knows of somebody now; nothing of it is kept. @throws SallyportError `github.*` */
export async function readPerson(
  { permissions }: Pick<GitHub, 'permissions'>,
  { repository, who, pullRequest }: PersonQuestion,
): Promise<ReadPerson> {
  return {
    id: who.id,
    login: who.login,
    permission: await permissions.of(repository, who.login),
    teams: null,
    isAuthor: pullRequest?.authorId === who.id,
    owns: null,
  };
}
