import { z } from 'zod';
import { ownersRepository } from '../../domain/policy-files.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import { hasCode, SallyportError } from '../../errors.ts';
import type { Files, RepositoryFile } from '../../ports/files.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { hasStatus, translateApiError } from './api-error.ts';
import { at, type RepositoryApi } from './repository-api.ts';
import type { TokenTarget } from './repository-tokens.ts';
import { tokenPermissions } from './token-permissions.ts';
import { commitOfBranch, readTreeFile } from './tree-files.ts';

const Repository = z.object({ default_branch: z.string().min(1) });
const Installation = z.object({ repository_selection: z.enum(['all', 'selected']) });

/** Files as trees have them: no link is followed. */
export class OctokitFiles implements Files {
  readonly #app: ApiClient;
  readonly #call: RepositoryApi;

  /** `app` authenticates as the App itself. */
  constructor(app: ApiClient, call: RepositoryApi) {
    this.#app = app;
    this.#call = call;
  }

  onBranch(
    repository: RepositoryRef,
    branch: string,
    path: string,
  ): Promise<RepositoryFile | undefined> {
    return this.#call(repository, tokenPermissions.readContents, (octokit) =>
      read(octokit, repository, { branch, path, isMissing: isNoBranch }),
    );
  }

  async ofOwner(
    { installationId, owner }: RepositoryRef,
    path: string,
  ): Promise<RepositoryFile | undefined> {
    const target = { installationId, owner, name: ownersRepository, repositoryId: null };
    try {
      return await this.#call(target, tokenPermissions.readContents, async (octokit) => {
        const answer = await octokit.request('GET /repos/{owner}/{repo}', at(target));
        const { default_branch: branch } = readAnswer(Repository, answer);
        // A 404 for the branch that GitHub just named says that the repository went out of reach.
        return read(octokit, target, { branch, path, isMissing: isEmpty });
      });
    } catch (cause) {
      if (!isNotThere(cause)) throw cause;
      if (await this.#hasAll(installationId)) return undefined;
      const message = `GitHub: the installation does not have ${owner}/${ownersRepository}`;
      throw new SallyportError('github.not-found', message, { cause });
    }
  }

  /** Does the installation have every repository of the owner's? Then what it does not see is not there. */
  async #hasAll(installationId: number): Promise<boolean> {
    try {
      const answer = await this.#app.request('GET /app/installations/{installation_id}', {
        installation_id: installationId,
      });
      return readAnswer(Installation, answer).repository_selection === 'all';
    } catch (error) {
      throw translateApiError(error);
    }
  }
}

/** GitHub mints no token for a repository by name that the installation does not have: 422. */
function isNotThere(error: unknown): boolean {
  if (hasCode(error, 'github.not-found')) return true;
  return hasCode(error, 'github.forbidden') && hasCode(error.cause, 'github.rejected');
}

/** Inside the call, so that a repository which cannot be had is told apart from a file that is not there. */
async function read(
  octokit: ApiClient,
  target: TokenTarget,
  place: {
    readonly branch: string;
    readonly path: string;
    /** Which answers say that there is no file. */
    readonly isMissing: (error: unknown) => boolean;
  },
): Promise<RepositoryFile | undefined> {
  const { branch, path, isMissing } = place;
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
function isEmpty(error: unknown): boolean {
  return hasStatus(error, 409);
}

function isNoBranch(error: unknown): boolean {
  return isEmpty(error) || hasCode(translateApiError(error), 'github.not-found');
}
