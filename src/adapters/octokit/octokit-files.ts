import { z } from 'zod';
import { ownersRepository } from '../../domain/policy-files.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import { hasCode } from '../../errors.ts';
import type { Files, RepositoryFile } from '../../ports/files.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { hasStatus, translateApiError } from './api-error.ts';
import { at, type RepositoryApi } from './repository-api.ts';
import type { TokenTarget } from './repository-tokens.ts';
import { tokenPermissions } from './token-permissions.ts';
import { commitOfBranch, readTreeFile } from './tree-files.ts';

const Repository = z.object({ default_branch: z.string().min(1) });

/** Files as trees have them: no link is followed. */
export class OctokitFiles implements Files {
  readonly #call: RepositoryApi;

  constructor(call: RepositoryApi) {
    this.#call = call;
  }

  onBranch(
    repository: RepositoryRef,
    branch: string,
    path: string,
  ): Promise<RepositoryFile | undefined> {
    return this.#call(repository, tokenPermissions.readContents, (octokit) =>
      read(octokit, repository, { branch, path }),
    );
  }

  ofOwner(
    { installationId, owner }: RepositoryRef,
    path: string,
  ): Promise<RepositoryFile | undefined> {
    const target = { installationId, owner, name: ownersRepository, repositoryId: null };
    return this.#call(target, tokenPermissions.readContents, async (octokit) => {
      const answer = await octokit.request('GET /repos/{owner}/{repo}', at(target));
      const { default_branch: branch } = readAnswer(Repository, answer);
      return read(octokit, target, { branch, path });
    });
  }
}

/** Inside the call, so that a repository which cannot be had is told apart from a file that is not there. */
async function read(
  octokit: ApiClient,
  target: TokenTarget,
  { branch, path }: { readonly branch: string; readonly path: string },
): Promise<RepositoryFile | undefined> {
  try {
    const commit = await commitOfBranch(octokit, target, branch);
    const found = await readTreeFile(octokit, target, { commit, path });
    if (found === undefined) return undefined;
    return { blobSha: found.sha, content: found.kind === 'file' ? found.content : null };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** 409 is GitHub's answer for a repository without any commit. */
function isMissing(error: unknown): boolean {
  return hasStatus(error, 409) || hasCode(translateApiError(error, false), 'github.not-found');
}
