import { hasCode } from '../../errors.ts';
import { isMisfit } from './answer.ts';
import { type ApiClient, type ApiSettings, createApiClient } from './api-client.ts';
import { translateApiError } from './api-error.ts';
import type { RepositoryTokens, TokenTarget } from './repository-tokens.ts';
import { RevalidatedReads } from './revalidated-reads.ts';
import type { TokenPermissions } from './token-permissions.ts';

/** Runs `work` with a client for one repository that may do what `permissions` say. */
export type RepositoryApi = <Result>(
  repository: TokenTarget,
  permissions: TokenPermissions,
  work: (octokit: ApiClient) => Promise<Result>,
) => Promise<Result>;

/**
 * Makes the way to the API that every port goes through: narrow token in, coded errors out.
 * Clients are made anew for every call (they are cheap); what they share is the pacing of their installation, and
 * what each token has read before.
 */
export function createRepositoryApi(
  settings: ApiSettings,
  tokens: RepositoryTokens,
): RepositoryApi {
  const reads = new RevalidatedReads(undefined, settings.fetch);
  return async (repository, permissions, work) => {
    const token = await tokens.tokenFor(repository, permissions);
    const pacingKey = `installation-${repository.installationId}`;
    const client = createApiClient({ ...settings, fetch: reads.fetch }, { token }, pacingKey);
    try {
      return await work(client);
    } catch (error) {
      const translated = translateApiError(error);
      // A token can die before its time: suspended, or the App was installed anew.
      if (hasCode(translated, 'github.forbidden')) tokens.forget(repository, permissions);
      if (isMisfit(translated)) reads.forget(token);
      throw translated;
    }
  };
}

/** The path parameters of a repository. */
export function at(repository: Pick<TokenTarget, 'owner' | 'name'>): {
  readonly owner: string;
  readonly repo: string;
} {
  return { owner: repository.owner, repo: repository.name };
}
