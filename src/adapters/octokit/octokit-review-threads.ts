import { z } from 'zod';
import type { RepositoryRef } from '../../domain/repository.ts';
import type { OwnThread, ReviewThreads } from '../../ports/review-threads.ts';
import { readAnswer } from './answer.ts';
import type { AppIdentity } from './app-identity.ts';
import { assertSame } from './listed-pulls.ts';
import { ownThread, ThreadsPage, threadsQuery } from './listed-threads.ts';
import { at, type RepositoryApi } from './repository-api.ts';
import { assertBody } from './text-limit.ts';
import { tokenPermissions } from './token-permissions.ts';

/** 1,000 threads. Who has more of them has lost a view of them long ago. */
const maxPages = 20;

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
    let after: string | null = null;
    for (let page = 0; page < maxPages; page += 1) {
      const { nodes, pageInfo } = await this.#page(repository, number, after);
      own.push(...nodes.flatMap((thread) => ownThread(thread, botUserId)));
      if (!pageInfo.hasNextPage || pageInfo.endCursor === null) break;
      after = pageInfo.endCursor;
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

  #page(repository: RepositoryRef, number: number, after: string | null) {
    return this.#call(repository, tokenPermissions.readPullRequests, async (octokit) => {
      const { owner, name } = repository;
      const data: unknown = await octokit.graphql(threadsQuery, { owner, name, number, after });
      const page = readAnswer(ThreadsPage, { data }).repository;
      assertSame(repository, page.databaseId);
      return page.pullRequest.reviewThreads;
    });
  }
}
