import type { RepositoryRef } from '../domain/repository.ts';
import {
  type CodeOwners,
  codeOwnersLocations,
  isOwner,
  ownersOf,
  parseCodeOwners,
} from '../policy/code-owners.ts';
import type { Person } from '../policy/decide/person.ts';
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
export async function readCodeOwners(
  { files }: OwnerPorts,
  { repository, baseRef }: OwnedPlace,
): Promise<CodeOwners | null> {
  for (const path of codeOwnersLocations) {
    const file = await files.onBranch(repository, baseRef, path);
    if (file === undefined) continue;
    if (file.content === null) return null;
    const owners = parseCodeOwners(new TextDecoder().decode(file.content));
    return owners.isTooLarge ? null : owners;
  }
  return { rules: [], skipped: [], isTooLarge: false };
}

/** Teams that own any of these paths, as `organisation/slug`. */
export function teamsThatOwn(owners: CodeOwners, paths: readonly string[]): readonly string[] {
  const all = paths.flatMap((path) => ownersOf(owners, path)?.owners ?? []);
  return [...new Set(all.flatMap((owner) => (owner.kind === 'team' ? [owner.team] : [])))];
}

/** How many of the paths this person owns. Of no paths nobody owns any. */
export function owned(
  owners: CodeOwners,
  paths: readonly string[],
  person: Pick<Person, 'login' | 'teams'>,
): 'none' | 'some' | 'all' {
  const mine = paths.filter((path) => isOwner(ownersOf(owners, path)?.owners ?? [], person));
  if (mine.length === 0) return 'none';
  return mine.length === paths.length ? 'all' : 'some';
}
