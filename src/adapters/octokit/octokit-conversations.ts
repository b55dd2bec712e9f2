import { z } from 'zod';
import type { RepositoryRef } from '../../domain/repository.ts';
import { hasCode } from '../../errors.ts';
import type {
  Comment,
  CommentRef,
  Conversations,
  Place,
  SaidComment,
} from '../../ports/conversations.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import type { AppIdentity } from './app-identity.ts';
import { endsWithMarker } from './ends-with-marker.ts';
import { isMember } from './is-member.ts';
import { newestComments } from './newest-comments.ts';
import { at, type RepositoryApi } from './repository-api.ts';
import { assertBody } from './text-limit.ts';
import { threadReplies } from './thread-replies.ts';
import { type TokenPermissions, tokenPermissions } from './token-permissions.ts';

const Written = z.object({ id: z.int() });
const Author = z.object({ id: z.int() }).nullish();
const OneComment = z.object({
  body: z.string(),
  updated_at: z.string(),
  user: Author,
  author_association: z.string().nullish(),
  path: z.string().nullish(),
  line: z.int().nullish(),
});
const ListedComments = z.array(
  z.object({
    id: z.int(),
    body: z.string().nullish(),
    user: Author,
    in_reply_to_id: z.int().nullish(),
  }),
);

/** Comments and reactions over the REST API. Those of review threads have routes of their own. */
export class OctokitConversations implements Conversations {
  readonly #call: RepositoryApi;
  readonly #identity: AppIdentity;

  constructor(call: RepositoryApi, identity: AppIdentity) {
    this.#call = call;
    this.#identity = identity;
  }

  comment(repository: RepositoryRef, place: Place, body: string): Promise<number> {
    return this.#call(repository, permissionsFor(place.threadId !== null), async (octokit) => {
      assertBody(body);
      return readAnswer(Written, await post(octokit, repository, { place, body })).id;
    });
  }

  async findComment(
    repository: RepositoryRef,
    place: Place,
    marker: string,
  ): Promise<number | undefined> {
    const botUserId = await this.#identity.botUserId(repository);
    return this.#call(repository, permissionsFor(place.threadId !== null), async (octokit) => {
      for await (const page of pagesOf(octokit, repository, place)) {
        // Anyone can copy the marker into a comment of their own.
        const own = readAnswer(ListedComments, page).filter(({ user }) => user?.id === botUserId);
        const found = own.find(
          ({ body, in_reply_to_id }) =>
            endsWithMarker(body, marker) && (in_reply_to_id ?? null) === place.threadId,
        );
        if (found !== undefined) return found.id;
      }
      return undefined;
    });
  }

  async read(
    repository: RepositoryRef,
    { commentId, isInThread }: CommentRef,
  ): Promise<Comment | undefined> {
    const botUserId = await this.#identity.botUserId(repository);
    try {
      return await this.#call(repository, permissionsFor(isInThread), async (octokit) => {
        const answer = await octokit.request(`GET ${routeOf(isInThread)}`, {
          ...at(repository),
          comment_id: commentId,
        });
        const comment = readAnswer(OneComment, answer);
        return {
          body: comment.body,
          updatedAt: comment.updated_at,
          isOwn: comment.user?.id === botUserId,
          isMember: isMember(comment.author_association),
          ...placeOf(comment),
        };
      });
    } catch (error) {
      if (hasCode(error, 'github.not-found')) return undefined;
      throw error;
    }
  }

  async replies(
    repository: RepositoryRef,
    place: { readonly number: number; readonly threadId: number },
  ): Promise<readonly SaidComment[]> {
    const botUserId = await this.#identity.botUserId(repository);
    return this.#call(repository, permissionsFor(true), (octokit) =>
      threadReplies(octokit, repository, { ...place, botUserId }),
    );
  }

  async newest(repository: RepositoryRef, number: number): Promise<readonly SaidComment[]> {
    const botUserId = await this.#identity.botUserId(repository);
    return this.#call(repository, tokenPermissions.readIssues, (octokit) =>
      newestComments(octokit, repository, { number, botUserId }),
    );
  }

  update(
    repository: RepositoryRef,
    { commentId, isInThread }: CommentRef,
    body: string,
  ): Promise<void> {
    return this.#call(repository, permissionsFor(isInThread), async (octokit) => {
      assertBody(body);
      const parameters = { ...at(repository), comment_id: commentId, body };
      await octokit.request(`PATCH ${routeOf(isInThread)}`, parameters);
    });
  }

  react(
    repository: RepositoryRef,
    { commentId, isInThread }: CommentRef,
    content: Parameters<Conversations['react']>[2],
  ): Promise<void> {
    return this.#call(repository, permissionsFor(isInThread), async (octokit) => {
      const parameters = { ...at(repository), comment_id: commentId, content };
      await octokit.request(`POST ${routeOf(isInThread)}/reactions`, parameters);
    });
  }
}

function placeOf({ path, line }: Pick<z.output<typeof OneComment>, 'path' | 'line'>) {
  return {
    ...(typeof path === 'string' ? { path } : {}),
    ...(typeof line === 'number' ? { line } : {}),
  };
}

function routeOf(isInThread: boolean) {
  return isInThread
    ? ('/repos/{owner}/{repo}/pulls/comments/{comment_id}' as const)
    : ('/repos/{owner}/{repo}/issues/comments/{comment_id}' as const);
}

/** Review threads belong to pull requests alone. */
function permissionsFor(isInThread: boolean): TokenPermissions {
  return isInThread ? tokenPermissions.writePullRequests : tokenPermissions.writeConversations;
}

function post(
  octokit: ApiClient,
  repository: RepositoryRef,
  { place, body }: { readonly place: Place; readonly body: string },
): Promise<{ readonly data: unknown }> {
  const { number, threadId } = place;
  return threadId === null
    ? octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        ...at(repository),
        issue_number: number,
        body,
      })
    : octokit.request(
        'POST /repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies',
        { ...at(repository), pull_number: number, comment_id: threadId, body },
      );
}

function pagesOf(
  octokit: ApiClient,
  repository: RepositoryRef,
  { number, threadId }: Place,
): AsyncIterable<{ readonly data: unknown }> {
  return threadId === null
    ? octokit.paginate.iterator('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        ...at(repository),
        issue_number: number,
        per_page: 100,
      })
    : octokit.paginate.iterator('GET /repos/{owner}/{repo}/pulls/{pull_number}/comments', {
        ...at(repository),
        pull_number: number,
        per_page: 100,
      });
}
