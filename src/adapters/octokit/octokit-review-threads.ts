import { z } from 'zod';
import type { RepositoryRef } from '../../domain/repository.ts';
import type { OwnThread, ReviewThreads } from '../../ports/review-threads.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { hasGraphQlType } from './api-error.ts';
import type { AppIdentity } from './app-identity.ts';
import { assertSame } from './listed-pulls.ts';
import { type ListedThreads, ownThread, ThreadsPage, threadsQuery } from './listed-threads.ts';
import { at, type RepositoryApi } from './repository-api.ts';
import { assertBody } from './text-limit.ts';
import { tokenPermissions } from './token-permissions.ts';

/** Whoever has more of them has lost sight of them long ago. */
const maxThreads = 1_000;
/** Threads a page. Where that is more than GitHub is ready to put together, a third of it, down to the smallest. */
const [largestPage, smallestPage] = [50, 5];

const Written = z.object({ id: z.int() });

const resolveMutation = `mutation ($threadId: ID!) {
  resolveReviewThread(input: { threadId: $threadId }) { thread { id } }
}`;
const unresolveMutation = `mutation ($threadId: ID!) {
  unresolveReviewThread(input: { threadId: $threadId }) { thread { id } }
}`;
const minimiseMutation = `mutation ($nodeId: ID!, $reason: ReportedContentClassifiers!) {
  minimizeComment(input: { subjectId: $nodeId, classifier: $reason }) {
    minimizedComment { isMinimized }
  }
}`;

/** Threads over the GraphQL API, which alone knows them. */
export class OctokitReviewThreads implements ReviewThreads {
  readonly #call: RepositoryApi;
  readonly #identity: AppIdentity;

  constructor(call: RepositoryApi, identity: AppIdentity) {
    this.#call = call;
    this.#identity = identity;
  }

  async list(repository: RepositoryRef, number: number): Promise<readonly OwnThread[]> {
    const botUserId = await this.#identity.botUserId(repository);
    const own: OwnThread[] = [];
    let from: From = { number, first: largestPage, after: null };
    for (let seen = 0; seen < maxThreads; seen += from.first) {
      const { threads, first } = await this.#page(repository, from);
      own.push(...threads.nodes.flatMap((thread) => ownThread(thread, botUserId)));
      const { hasNextPage, endCursor } = threads.pageInfo;
      if (!hasNextPage || endCursor === null) break;
      from = { number, first, after: endCursor };
    }
    return own.toSorted((a, b) => a.commentId - b.commentId);
  }

  resolve(repository: RepositoryRef, threadId: string): Promise<void> {
    return this.#call(repository, tokenPermissions.resolveThreads, async (octokit) => {
      await octokit.graphql(resolveMutation, { threadId });
    });
  }

  unresolve(repository: RepositoryRef, threadId: string): Promise<void> {
    return this.#call(repository, tokenPermissions.resolveThreads, async (octokit) => {
      await octokit.graphql(unresolveMutation, { threadId });
    });
  }

  minimise(
    repository: RepositoryRef,
    nodeId: string,
    reason: 'outdated' | 'resolved',
  ): Promise<void> {
    return this.#call(repository, tokenPermissions.writePullRequests, async (octokit) => {
      await octokit.graphql(minimiseMutation, { nodeId, reason: reason.toUpperCase() });
    });
  }

  commentOnFile(
    repository: RepositoryRef,
    number: number,
    { headSha, path, body }: Parameters<ReviewThreads['commentOnFile']>[2],
  ): Promise<number> {
    return this.#call(repository, tokenPermissions.writePullRequests, async (octokit) => {
      assertBody(body);
      const answer = await octokit.request(
        'POST /repos/{owner}/{repo}/pulls/{pull_number}/comments',
        {
          ...at(repository),
          pull_number: number,
          commit_id: headSha,
          path,
          body,
          subject_type: 'file',
        },
      );
      return readAnswer(Written, answer).id;
    });
  }

  #page(repository: RepositoryRef, from: From): Promise<Page> {
    return this.#call(repository, tokenPermissions.readPullRequests, (octokit) =>
      readPage(octokit, repository, from),
    );
  }
}

/** Where a page begins, and how many threads are wanted. */
interface From {
  readonly number: number;
  readonly first: number;
  readonly after: string | null;
}

/** `first`: how many GitHub was ready for. */
interface Page {
  readonly threads: ListedThreads;
  readonly first: number;
}

async function readPage(octokit: ApiClient, repository: RepositoryRef, from: From): Promise<Page> {
  const { owner, name } = repository;
  try {
    const data: unknown = await octokit.graphql(threadsQuery, { owner, name, ...from });
    const answer = readAnswer(ThreadsPage, { data }).repository;
    assertSame(repository, answer.databaseId);
    return { threads: answer.pullRequest.reviewThreads, first: from.first };
  } catch (error) {
    const first = Math.floor(from.first / 3);
    if (first < smallestPage || !hasGraphQlType(error, 'RESOURCE_LIMITS_EXCEEDED')) throw error;
    return readPage(octokit, repository, { ...from, first });
  }
}
