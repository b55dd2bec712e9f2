import { z } from 'zod';
import type { RepositoryRef } from '../../domain/repository.ts';
import type { SaidComment } from '../../ports/conversations.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { isMember } from './is-member.ts';
import { at } from './repository-api.ts';

const Listed = z.array(
  z.object({
    id: z.int(),
    body: z.string().nullish(),
    user: z.object({ id: z.int(), login: z.string() }).nullish(),
    in_reply_to_id: z.int().nullish(),
    author_association: z.string().nullish(),
    updated_at: z.string(),
  }),
);
const perPage = 100;
const maxPages = 10;

/** Where a thread is, and who we are. */
interface Thread {
  readonly number: number;
  readonly threadId: number;
  readonly botUserId: number;
}

/** The replies of a review thread, oldest first, among the newest 1,000 review comments of its pull request. */
export async function threadReplies(
  octokit: ApiClient,
  repository: RepositoryRef,
  { number, threadId, botUserId }: Thread,
): Promise<readonly SaidComment[]> {
  const found: SaidComment[] = [];
  for (let page = 1; page <= maxPages; page += 1) {
    const answer = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}/comments', {
      ...at(repository),
      pull_number: number,
      sort: 'created',
      direction: 'desc',
      per_page: perPage,
      page,
    });
    const listed = readAnswer(Listed, answer);
    const replies = listed.filter((one) => one.in_reply_to_id === threadId);
    found.push(
      ...replies.map(({ id, body, user, author_association, updated_at }) => ({
        commentId: id,
        // GitHub shows somebody who is gone by this name.
        login: user?.login ?? 'ghost',
        isMember: isMember(author_association),
        isOwn: user?.id === botUserId,
        body: body ?? '',
        updatedAt: updated_at,
      })),
    );
    if (listed.length < perPage) break;
  }
  return found.toReversed();
}
