import type { Permission, RepositoryRef } from '../domain/repository.ts';
import type { Person } from '../policy/decide/person.ts';
import type { Who } from '../policy/document/who.ts';
import type { OwnersOfPaths } from '../policy/owners-of-paths.ts';
import type { GitHub, PullRequest } from '../ports/github.ts';
import { type OwnerPorts, owned, readOwners, teamsThatOwn } from './code-owner-facts.ts';

/** Whom a decision is about, and where. */
export interface PersonQuestion {
  readonly repository: RepositoryRef;
  readonly who: Pick<Person, 'id' | 'login'>;
  /** Null on an issue. */
  readonly pullRequest: Pick<PullRequest, 'authorId' | 'number' | 'baseRef'> | null;
  /** What the person will be held against: teams and owned files are only asked for where one names them. */
  readonly whos: readonly Who[];
  /** The files in question; those of the pull request when left out. */
  readonly paths?: readonly string[];
  /** Do owners count whatever the `whos` say? */
  readonly needsOwners?: boolean;
}

/** Somebody whose permission was read. */
export type ReadPerson = Person & { readonly permission: Permission };

/** What `readPerson` asks. */
export interface PersonPorts extends Pick<GitHub, 'permissions'>, OwnerPorts {
  readonly pullRequests: Pick<GitHub['pullRequests'], 'changedPaths'>;
}

/**
 * What GitHub knows of somebody now; nothing of it is kept. Teams and owned files that could not be read
 * are null, and satisfy nothing. @throws SallyportError `github.*`
 */
export async function readPerson(
  github: PersonPorts,
  question: PersonQuestion,
): Promise<ReadPerson> {
  const { repository, who, pullRequest, whos } = question;
  const owners = await readOwnership(github, question);
  const owning = owners === null ? [] : teamsThatOwn(owners);
  const named = [...whos.flatMap(({ teams = [] }) => teams), ...owning];
  const teams = await readTeams(github, question, [...new Set(named)]);
  const { id, login } = who;
  const permission = await github.permissions.of(repository, login);
  return {
    id,
    login,
    permission,
    teams,
    isAuthor: pullRequest?.authorId === id,
    owns: owners === null ? null : owned(owners, { login, permission, teams }),
  };
}

/** Those of the teams that the person is in. Null when none is known and one could not be asked about. */
async function readTeams(
  { permissions }: PersonPorts,
  { repository, who }: PersonQuestion,
  names: readonly string[],
): Promise<readonly string[] | null> {
  const answers = await Promise.all(
    names.map(
      async (name) => [name, await permissions.isInTeam(repository, name, who.login)] as const,
    ),
  );
  const held = answers.flatMap(([name, isIn]) => (isIn === true ? [name] : []));
  return held.length === 0 && answers.some(([, isIn]) => isIn === null) ? null : held;
}

async function readOwnership(
  github: PersonPorts,
  { repository, pullRequest, whos, paths, needsOwners = false }: PersonQuestion,
): Promise<OwnersOfPaths | null> {
  const isAsked = needsOwners || whos.some(({ codeOwners }) => codeOwners === true);
  if (!isAsked || pullRequest === null) return null;
  const files = paths ?? (await github.pullRequests.changedPaths(repository, pullRequest.number));
  if (files === null) return null;
  return readOwners(github, { repository, baseRef: pullRequest.baseRef }, files);
}
