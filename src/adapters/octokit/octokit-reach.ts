import { z } from 'zod';
import { RepositoryRef } from '../../domain/repository.ts';
import type { Reach } from '../../ports/reach.ts';
import { readAnswer } from './answer.ts';
import { type ApiClient, type ApiSettings, createApiClient } from './api-client.ts';
import { translateApiError } from './api-error.ts';
import { tokenPermissions } from './token-permissions.ts';

const perPage = 100;
const maxInstallations = 10_000;

const ListedInstallations = z.array(z.object({ id: z.int(), suspended_at: z.string().nullish() }));
const Minted = z.object({ token: z.string().min(1) });
const ListedRepositories = z.object({
  repositories: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      owner: z.object({ login: z.string() }),
      archived: z.boolean().optional(),
      disabled: z.boolean().optional(),
    }),
  ),
});

/** Installations with the App's JWT, and their repositories with a token that can read metadata and nothing else. */
export class OctokitReach implements Reach {
  readonly #settings: ApiSettings;
  readonly #app: ApiClient;

  /** `app` authenticates as the App itself. */
  constructor(settings: ApiSettings, app: ApiClient) {
    this.#settings = settings;
    this.#app = app;
  }

  async installations(): Promise<readonly number[]> {
    try {
      const ids: number[] = [];
      const parameters = { per_page: perPage };
      const pages = this.#app.paginate.iterator('GET /app/installations', parameters);
      for await (const page of pages) {
        const listed = readAnswer(ListedInstallations, page);
        ids.push(...listed.filter((one) => !one.suspended_at).map(({ id }) => id));
        if (ids.length >= maxInstallations) break;
      }
      return ids.sort((a, b) => a - b);
    } catch (error) {
      throw translateApiError(error);
    }
  }

  async repositories(installationId: number, page: number): ReturnType<Reach['repositories']> {
    const token = await this.#tokenFor(installationId);
    const pacingKey = `installation-${installationId}`;
    const client = createApiClient(this.#settings, { token }, pacingKey);
    try {
      const parameters = { per_page: perPage, page };
      const answer = await client.request('GET /installation/repositories', parameters);
      const { repositories } = readAnswer(ListedRepositories, answer);
      const hasMore = repositories.length === perPage;
      // GitHub takes no check there: nothing that is written in them would arrive.
      const writable = repositories.filter(({ archived, disabled }) => !archived && !disabled);
      return { repositories: writable.map((one) => fromListed(one, installationId)), hasMore };
    } catch (error) {
      throw translateApiError(error);
    }
  }

  /** Asked for anew each time and let go of: no other part of the App has one for a whole installation. */
  async #tokenFor(installationId: number): Promise<string> {
    try {
      const answer = await this.#app.request(
        'POST /app/installations/{installation_id}/access_tokens',
        { installation_id: installationId, permissions: tokenPermissions.readMetadata },
      );
      return readAnswer(Minted, answer).token;
    } catch (error) {
      throw translateApiError(error);
    }
  }
}

function fromListed(
  { id, name, owner }: z.output<typeof ListedRepositories>['repositories'][number],
  installationId: number,
): RepositoryRef {
  return RepositoryRef.parse({ installationId, repositoryId: id, owner: owner.login, name });
}
