import { z } from 'zod';
import type { RepositoryRef } from '../../domain/repository.ts';
import type { Conversations } from '../../ports/github.ts';
import { readAnswer } from './answer.ts';
import type { AppIdentity } from './app-identity.ts';
import { at, type RepositoryApi } from './repository-api.ts';
import { assertBody } from './text-limit.ts';
import { tokenPermissions } from './token-permissions.ts';

const Comment = z.object({ id: z.int() });
const ListedComments = z.array(
  z.object({
    id: z.int(),
    body: z.string().nullish(),
    user: z.object({ id: z.int() }).nullish(),
  }),
);

/** Comments and reactions over the REST API. */
export class OctokitConversations implements Conversations {
  readonly #call: RepositoryApi;
  readonly #identity: AppIdentity;

  constructor(call: RepositoryApi, identity: AppIdentity) {
    this.#call = call;
    this.#identity = identity;
  }

  comment(repository: RepositoryRef, number: number, body: string): Promise<number> {
    return this.#call(repository, tokenPermissions.writeConversations, async (octokit) => {
      assertBody(body);
      const answer = await octokit.request(
        'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
        { ...at(repository), issue_number: number, body },
      );
      return readAnswer(Comment, answer).id;
    });
  }

  async findComment(
    repository: RepositoryRef,
    number: number,
    marker: string,
  ): Promise<number | undefined> {
    const botUserId = await this.#identity.botUserId(repository);
    return this.#call(repository, tokenPermissions.writeConversations, async (octokit) => {
      const pages = octokit.paginate.iterator(
        'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
        { ...at(repository), issue_number: number, per_page: 100 },
      );
      for await (const page of pages) {
        // Anyone can copy the marker into a comment of their own.
        const own = readAnswer(ListedComments, page).filter(({ user }) => user?.id === botUserId);
        const found = own.find(({ body }) => body?.includes(marker));
        if (found !== undefined) return found.id;
      }
      return undefined;
    });
  }

  react(
    repository: RepositoryRef,
    commentId: number,
    content: Parameters<Conversations['react']>[2],
  ): Promise<void> {
    return this.#call(repository, tokenPermissions.writeConversations, async (octokit) => {
      await octokit.request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', {
        ...at(repository),
        comment_id: commentId,
        content,
      });
    });
  }
}
