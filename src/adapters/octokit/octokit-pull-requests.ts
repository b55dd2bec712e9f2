import { z } from 'zod';
import { CommitSha } from '../../domain/ids.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import { SallyportError } from '../../errors.ts';
import type { PullRequest, PullRequests, ReviewComment } from '../../ports/github.ts';
import type { OpenPage } from '../../ports/open-pull-request.ts';
import { readAnswer } from './answer.ts';
import type { AppIdentity } from './app-identity.ts';
import { endsWithMarker } from './ends-with-marker.ts';
import { assertSame, fromListed, ghost, ListedPulls } from './listed-pulls.ts';
import { at, type RepositoryApi } from './repository-api.ts';
import { assertBody, hostileText } from './text-limit.ts';
import { tokenPermissions } from './token-permissions.ts';

const Side = z.object({
  ref: z.string().min(1),
  sha: CommitSha,
  repo: z.object({ id: z.int() }).nullable(),
});
const Pull = z.object({
  number: z.int().positive(),
  state: z.enum(['open', 'closed']),
  draft: z.boolean().default(false),
  ...hostileText,
  updated_at: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  user: z.object({ id: z.int(), login: z.string().min(1) }).nullable(),
  labels: z.array(z.object({ name: z.string() })).default([]),
  head: Side,
  base: Side,
});
const Review = z.object({ id: z.int() });
const ListedReviews = z.array(
  z.object({
    id: z.int(),
    body: z.string().nullish(),
    user: z.object({ id: z.int() }).nullish(),
  }),
);

const ListedFiles = z.array(
  z.object({ filename: z.string(), previous_filename: z.string().optional() }),
);
/** https://docs.github.com/rest/pulls/pulls#list-pull-requests-files */
const maxListedFiles = 3_000;
const openPerPage = 100;

/** Pull requests over the REST API. */
export class OctokitPullRequests implements PullRequests {
  readonly #call: RepositoryApi;
  readonly #identity: AppIdentity;

  constructor(call: RepositoryApi, identity: AppIdentity) {
    this.#call = call;
    this.#identity = identity;
  }

  get(repository: RepositoryRef, number: number): Promise<PullRequest> {
    return this.#call(repository, tokenPermissions.readPullRequests, async (octokit) => {
      const answer = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
        ...at(repository),
        pull_number: number,
      });
      return fromPull(readAnswer(Pull, answer), repository);
    });
  }

  changedPaths(repository: RepositoryRef, number: number): Promise<readonly string[] | null> {
    return this.#call(repository, tokenPermissions.readPullRequests, async (octokit) => {
      const pages = octokit.paginate.iterator(
        'GET /repos/{owner}/{repo}/pulls/{pull_number}/files',
        { ...at(repository), pull_number: number, per_page: 100 },
      );
      const files: z.output<typeof ListedFiles>[number][] = [];
      for await (const page of pages) files.push(...readAnswer(ListedFiles, page));
      // At that many GitHub stops, and says nothing of the rest.
      if (files.length >= maxListedFiles) return null;
      return files.flatMap(({ filename, previous_filename: before }) =>
        before === undefined ? [filename] : [filename, before],
      );
    });
  }

  listOpen(repository: RepositoryRef, page: number): Promise<OpenPage> {
    return this.#call(repository, tokenPermissions.readPullRequests, async (octokit) => {
      const answer = await octokit.request('GET /repos/{owner}/{repo}/pulls', {
        ...at(repository),
        state: 'open',
        sort: 'updated',
        direction: 'desc',
        per_page: openPerPage,
        page,
      });
      const pulls = readAnswer(ListedPulls, answer).map((pull) => fromListed(pull, repository));
      return { pulls, hasMore: pulls.length === openPerPage };
    });
  }

  createReview(
    repository: RepositoryRef,
    number: number,
    review: Parameters<PullRequests['createReview']>[2],
  ): Promise<number> {
    return this.#call(repository, tokenPermissions.writePullRequests, async (octokit) => {
      assertBody(review.body);
      const answer = await octokit.request(
        'POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
        {
          ...at(repository),
          pull_number: number,
          // Without it GitHub takes the newest head, which nobody has reviewed.
          commit_id: review.headSha,
          body: review.body,
          event: 'COMMENT',
          comments: review.comments.map(commentFields),
        },
      );
      return readAnswer(Review, answer).id;
    });
  }

  async findReview(
    repository: RepositoryRef,
    number: number,
    marker: string,
  ): Promise<number | undefined> {
    const botUserId = await this.#identity.botUserId(repository);
    return this.#call(repository, tokenPermissions.readPullRequests, async (octokit) => {
      const pages = octokit.paginate.iterator(
        'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
        { ...at(repository), pull_number: number, per_page: 100 },
      );
      for await (const page of pages) {
        // Anyone can copy the marker into a review of their own.
        const own = readAnswer(ListedReviews, page).filter(({ user }) => user?.id === botUserId);
        const found = own.find(({ body }) => endsWithMarker(body, marker));
        if (found !== undefined) return found.id;
      }
      return undefined;
    });
  }
}

function fromPull(pull: z.output<typeof Pull>, repository: RepositoryRef): PullRequest {
  assertSame(repository, pull.base.repo?.id);
  return {
    number: pull.number,
    state: pull.state,
    isDraft: pull.draft,
    title: pull.title,
    body: pull.body,
    // GitHub shows the work of deleted accounts as that of the account `ghost`.
    authorLogin: pull.user?.login ?? ghost.login,
    authorId: pull.user?.id ?? ghost.id,
    labels: pull.labels.map(({ name }) => name),
    headSha: pull.head.sha,
    baseSha: pull.base.sha,
    baseRef: pull.base.ref,
    headRef: pull.head.ref,
    isFork: pull.head.repo?.id !== repository.repositoryId,
    updatedAtMs: pull.updated_at,
  };
}

function commentFields({ path, line, startLine, body }: ReviewComment) {
  assertBody(body);
  if (startLine === undefined) return { path, body, line, side: 'RIGHT' } as const;
  if (startLine >= line) {
    throw new SallyportError('github.rejected', 'a comment starts before the line it ends on');
  }
  return { path, body, start_line: startLine, start_side: 'RIGHT', line, side: 'RIGHT' } as const;
}
