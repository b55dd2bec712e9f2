import type { RepositoryRef } from '../domain/repository.ts';
import {
  type CodeOwners,
  codeOwnersLocations,
  isOwner,
  parseCodeOwners,
} from '../policy/code-owners.ts';
import type { Person } from '../policy/decide/person.ts';
import { type OwnersOfPaths, ownersOfPaths } from '../policy/owners-of-paths.ts';
import type { GitHub } from '../ports/github.ts';

/** Where CODEOWNERS files are read. */
export interface OwnerPorts {
  readonly files: Pick<GitHub['files'], 'onBranch'>;
}

/** A repository at the branch that pull requests go into. */
export interface OwnedPlace {
  readonly repository: RepositoryRef;
  readonly baseRef: string;
}

/**
 * The CODEOWNERS of the base branch, from the first place that has one. Null: there is one that neither
 * GitHub nor we can read, and nobody may take that for no owners. Without one there are no owners.
 */
async function readCodeOwners(
  { files }: OwnerPorts,
  { repository, baseRef }: OwnedPlace,
): Promise<CodeOwners | null> {
  for (const path of codeOwnersLocations) {
    const file = await files.onBranch(repository, baseRef, path);
    if (file === undefined) continue;
    if (file.content === null) return null;
    const owners = await parseCodeOwners(new TextDecoder().decode(file.content));
    return owners.isTooLarge ? null : owners;
  }
  return { rules: [], skipped: [], isTooLarge: false };
}

/**
 * The owners of each of the paths, by the CODEOWNERS of the base branch. Null: the file cannot be read, or
 * takes too long to hold against the paths.
 */
export async function readOwners(
  github: OwnerPorts,
  place: OwnedPlace,
  paths: readonly string[],
): Promise<OwnersOfPaths | null> {
  const codeOwners = await readCodeOwners(github, place);
  return codeOwners === null ? null : ownersOfPaths(codeOwners, paths);
}

/** Teams among the owners, as `organisation/slug`. */
export function teamsThatOwn(owners: OwnersOfPaths): readonly string[] {
  const all = [...new Set(owners)].flat();
  return [...new Set(all.flatMap((owner) => (owner.kind === 'team' ? [owner.team] : [])))];
}

/** How many of the paths with these owners this person owns. Of no paths nobody owns any. */
export function owned(
  owners: OwnersOfPaths,
  person: Pick<Person, 'login' | 'permission' | 'teams'>,
): 'none' | 'some' | 'all' {
  const mine = owners.filter((group) => isOwner(group, person));
  if (mine.length === 0) return 'none';
  return mine.length === owners.length ? 'all' : 'some';
}
