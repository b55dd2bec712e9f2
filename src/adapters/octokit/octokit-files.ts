import { z } from 'zod';
import type { RepositoryRef } from '../../domain/repository.ts';
import { hasCode } from '../../errors.ts';
import type { Files, RepositoryFile } from '../../ports/files.ts';
import { readAnswer } from './answer.ts';
import { translateApiError } from './api-error.ts';
import { at, type RepositoryApi } from './repository-api.ts';
import type { TokenTarget } from './repository-tokens.ts';
import { tokenPermissions } from './token-permissions.ts';

const File = z.object({
  type: z.literal('file'),
  sha: z.string().min(1),
  encoding: z.literal('base64'),
  content: z.string(),
});
/** A folder is a list; a link, a submodule and what is over 1 MB have no content to read. */
const Other = z.union([z.array(z.unknown()), z.object({ sha: z.string().min(1) })]);
const Content = z.union([File, Other]);

/** Where GitHub keeps what holds for all repositories of an owner. */
const ownersRepository = '.github';

/** Files over the contents API. */
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
    // The full name: a tag may be called like the branch.
    return this.#read(repository, { path, ref: `refs/heads/${branch}` });
  }

  ofOwner(
    { installationId, owner }: RepositoryRef,
    path: string,
  ): Promise<RepositoryFile | undefined> {
    const target = { installationId, owner, name: ownersRepository, repositoryId: null };
    return this.#read(target, { path });
  }

  #read(
    target: TokenTarget,
    file: { readonly path: string; readonly ref?: string },
  ): Promise<RepositoryFile | undefined> {
    return this.#call(target, tokenPermissions.readContents, async (octokit) => {
      try {
        const request = { ...at(target), ...file };
        const route = 'GET /repos/{owner}/{repo}/contents/{path}';
        return fileOf(readAnswer(Content, await octokit.request(route, request)));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  }
}

/** Inside the call, so that a repository which cannot be had is told apart from a file that is not there. */
function isMissing(error: unknown): boolean {
  return hasCode(translateApiError(error, false), 'github.not-found');
}

function fileOf(content: z.output<typeof Content>): RepositoryFile {
  const file = File.safeParse(content);
  if (file.success) {
    return { blobSha: file.data.sha, content: Buffer.from(file.data.content, 'base64') };
  }
  return { blobSha: Array.isArray(content) ? 'folder' : content.sha, content: null };
}
