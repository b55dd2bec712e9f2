import { z } from 'zod';
import { Permission, type RepositoryRef } from '../../domain/repository.ts';
import { hasCode } from '../../errors.ts';
import type { Permissions } from '../../ports/github.ts';
import { readAnswer } from './answer.ts';
import { at, type RepositoryApi } from './repository-api.ts';
import { tokenPermissions } from './token-permissions.ts';

const Collaborator = z.object({
  permission: z.enum(['none', 'read', 'write', 'admin']),
  role_name: z.string().optional(),
});

const Membership = z.object({ state: z.enum(['active', 'pending']) });

/** What the API's older `permission` says of each standard role (OpenAPI: maintain → write, triage → read). */
const coarse: Readonly<Record<Permission, z.output<typeof Collaborator>['permission']>> = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
};

/** Permissions from the collaborator permission API; never from `author_association`, never cached. */
export class OctokitPermissions implements Permissions {
  readonly #call: RepositoryApi;

  constructor(call: RepositoryApi) {
    this.#call = call;
  }

  async of(repository: RepositoryRef, login: string): Promise<Permission> {
    try {
      return await this.#ask(repository, login);
    } catch (error) {
      if (hasCode(error, 'github.not-found')) return 'none';
      throw error;
    }
  }

  /** Only the owner's own teams: another organisation's have no say here. */
  async isInTeam(repository: RepositoryRef, team: string, login: string): Promise<boolean | null> {
    const [org = '', slug = ''] = team.split('/');
    if (org.toLowerCase() !== repository.owner.toLowerCase()) return null;
    try {
      return await this.#askTeam(repository, { org, team_slug: slug, username: login });
    } catch (error) {
      if (hasCode(error, 'github.not-found')) return false;
      if (hasCode(error, 'github.forbidden')) return null;
      throw error;
    }
  }

  #askTeam(
    repository: RepositoryRef,
    team: { readonly org: string; readonly team_slug: string; readonly username: string },
  ): Promise<boolean> {
    return this.#call(repository, tokenPermissions.readMembers, async (octokit) => {
      const route = 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}';
      // `pending`: invited, and not there yet.
      return readAnswer(Membership, await octokit.request(route, team)).state === 'active';
    });
  }

  #ask(repository: RepositoryRef, login: string): Promise<Permission> {
    return this.#call(repository, tokenPermissions.readMetadata, async (octokit) => {
      const answer = await octokit.request(
        'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
        { ...at(repository), username: login },
      );
      return roleOf(readAnswer(Collaborator, answer));
    });
  }
}

/** A custom role counts as what `permission` says, also when someone has named it `admin`. */
function roleOf({ permission, role_name }: z.output<typeof Collaborator>): Permission {
  const role = Permission.safeParse(role_name);
  return role.success && coarse[role.data] === permission ? role.data : permission;
}
