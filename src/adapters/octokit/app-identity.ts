import { z } from 'zod';
import type { RepositoryRef } from '../../domain/repository.ts';
import { SallyportError } from '../../errors.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { translateApiError } from './api-error.ts';
import type { RepositoryApi } from './repository-api.ts';
import { tokenPermissions } from './token-permissions.ts';

const App = z.object({ id: z.int(), slug: z.string().min(1) });
const BotUser = z.object({ id: z.int(), type: z.literal('Bot') });

/**
 * Who this App is as an author. Reviews do not say which App wrote them, and a login can be chosen
 * to look like another's, so the account's numeric id decides.
 */
export class AppIdentity {
  readonly #app: ApiClient;
  readonly #appId: number;
  readonly #call: RepositoryApi;
  #botUserId: Promise<number> | undefined;

  /** `app` authenticates as the App itself. */
  constructor(app: ApiClient, appId: number, call: RepositoryApi) {
    this.#app = app;
    this.#appId = appId;
    this.#call = call;
  }

  /** The id of the account `<slug>[bot]`; asked for once, with a token for `repository`. */
  async botUserId(repository: RepositoryRef): Promise<number> {
    this.#botUserId ??= this.#resolve(repository);
    try {
      return await this.#botUserId;
    } catch (error) {
      this.#botUserId = undefined;
      throw error;
    }
  }

  async #resolve(repository: RepositoryRef): Promise<number> {
    const slug = await this.#slug();
    return this.#call(repository, tokenPermissions.readMetadata, async (octokit) => {
      const answer = await octokit.request('GET /users/{username}', { username: `${slug}[bot]` });
      return readAnswer(BotUser, answer).id;
    });
  }

  async #slug(): Promise<string> {
    try {
      const app = readAnswer(App, await this.#app.request('GET /app'));
      if (app.id === this.#appId) return app.slug;
      throw new SallyportError('github.forbidden', 'the private key belongs to another App');
    } catch (error) {
      throw translateApiError(error);
    }
  }
}
