import { z } from 'zod';
import type { RepositoryRef } from '../../domain/repository.ts';
import type { SaidComment } from '../../ports/conversations.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { at } from './repository-api.ts';
import { ListedComment, saidComment } from './said-comment.ts';

const Listed = z.array(
  ListedComment.extend({
    /** Why somebody hid it; a GitHub Enterprise Server may not tell. */
    minimized: z.unknown().optional(),
  }),
);
type Listed = z.output<typeof Listed>;

const maxPages = 3;

/** Whose conversation is read, and who we are. */
interface Conversation {
  readonly number: number;
  readonly botUserId: number;
}

/** One page, and which is the last one by its word. */
interface Page {
  readonly listed: Listed;
  readonly last: number;
}

/** The comments on the last three pages of a conversation, oldest first, without those that were hidden. */
export async function newestComments(
  octokit: ApiClient,
  repository: RepositoryRef,
  { number, botUserId }: Conversation,
): Promise<readonly SaidComment[]> {
  const known = new Map<number, Page>();
  const read = async (page: number): Promise<Page> => {
    const found = known.get(page) ?? (await readPage(octokit, repository, { number, page }));
    known.set(page, found);
    return found;
  };
  // GitHub lists them from the oldest on alone. Where a page is told as it was, its last one may have become another.
  let { last } = await read(1);
  last = (await read(last)).last;
  const pages: Page[] = [];
  for (let page = Math.max(1, last - maxPages + 1); page <= last; page += 1) {
    pages.push(await read(page));
  }
  return pages
    .flatMap(({ listed }) => listed)
    .filter(({ minimized }) => (minimized ?? null) === null)
    .map((one) => saidComment(one, botUserId));
}

async function readPage(
  octokit: ApiClient,
  repository: RepositoryRef,
  { number, page }: { readonly number: number; readonly page: number },
): Promise<Page> {
  const answer = await octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...at(repository),
    issue_number: number,
    per_page: 100,
    page,
  });
  const [, last] = /[?&]page=(\d{1,6})[^>]*>;\s*rel="last"/.exec(answer.headers.link ?? '') ?? [];
  return { listed: readAnswer(Listed, answer), last: Number(last ?? page) };
}
