import { z } from 'zod';
import type { RepositoryRef } from '../../domain/repository.ts';
import { hasCode } from '../../errors.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { translateApiError } from './api-error.ts';
import { at } from './repository-api.ts';

const Label = z.object({ name: z.string().min(1) });
/** Labels that are asked for at once. */
const maxLabels = 10;

/** Those of these labels that the repository has, as it spells them. */
export async function findLabels(
  octokit: ApiClient,
  repository: RepositoryRef,
  labels: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of labels.slice(0, maxLabels)) {
    const label = await findLabel(octokit, repository, name);
    if (label !== undefined) found.push(label);
  }
  return found;
}

async function findLabel(
  octokit: ApiClient,
  repository: RepositoryRef,
  name: string,
): Promise<string | undefined> {
  try {
    const route = 'GET /repos/{owner}/{repo}/labels/{name}';
    return readAnswer(Label, await octokit.request(route, { ...at(repository), name })).name;
  } catch (error) {
    if (hasCode(translateApiError(error), 'github.not-found')) return undefined;
    throw error;
  }
}
