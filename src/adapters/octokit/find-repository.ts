import { z } from 'zod';
import { RepositoryRef } from '../../domain/repository.ts';
import { hasCode } from '../../errors.ts';
import type { FoundRepository } from '../../ports/policy-facts.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { translateApiError } from './api-error.ts';
import { tokenPermissions } from './token-permissions.ts';

const Installation = z.object({ id: z.int() });
const Minted = z.object({
  repositories: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      owner: z.object({ login: z.string() }),
      default_branch: z.string().min(1),
    }),
  ),
});

/**
 * The repository of this name with its ids, as the App sees it; `app` authenticates as the App itself. The
 * answer to a request for a token of that repository alone says them; the token itself is let go of.
 */
export async function findRepository(
  app: ApiClient,
  { owner, name }: { readonly owner: string; readonly name: string },
): Promise<FoundRepository | undefined> {
  try {
    const installation = readAnswer(
      Installation,
      await app.request('GET /repos/{owner}/{repo}/installation', { owner, repo: name }),
    );
    const answer = await app.request('POST /app/installations/{installation_id}/access_tokens', {
      installation_id: installation.id,
      repositories: [name],
      permissions: tokenPermissions.readMetadata,
    });
    const [found] = readAnswer(Minted, answer).repositories;
    if (found === undefined) return undefined;
    const repository = RepositoryRef.parse({
      installationId: installation.id,
      repositoryId: found.id,
      owner: found.owner.login,
      name: found.name,
    });
    return { repository, defaultBranch: found.default_branch };
  } catch (error) {
    const translated = translateApiError(error);
    if (hasCode(translated, 'github.not-found')) return undefined;
    throw translated;
  }
}
