import { z } from 'zod';
import type { RepositoryRef } from '../../domain/repository.ts';
import type { SaidComment } from '../../ports/conversations.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { at } from './repository-api.ts';
import { ListedComment, saidComment } from './said-comment.ts';

const Listed = z.array(ListedComment.extend({ in_reply_to_id: z.int().nullish() }));
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
    found.push(...replies.map((one) => saidComment(one, botUserId)));
    if (listed.length < perPage) break;
  }
  return found.toReversed();
}
