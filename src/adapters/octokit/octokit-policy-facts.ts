import { z } from 'zod';
import { CommitSha } from '../../domain/ids.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import { hasCode } from '../../errors.ts';
import type {
  FoundRepository,
  PolicyFacts,
  PolicyFile,
  PolicyPull,
} from '../../ports/policy-facts.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { findRepository } from './find-repository.ts';
import { readPolicyPull } from './policy-pull.ts';
import { at, type RepositoryApi } from './repository-api.ts';
import { tokenPermissions } from './token-permissions.ts';
import { commitOfBranch, readTreeFile } from './tree-files.ts';

const Comparison = z.object({ merge_base_commit: z.object({ sha: CommitSha }) });

/** What policies ask of GitHub, over its REST API. */
export class OctokitPolicyFacts implements PolicyFacts {
  readonly #app: ApiClient;
  readonly #call: RepositoryApi;

  /** `app` authenticates as the App itself. */
  constructor(app: ApiClient, call: RepositoryApi) {
    this.#app = app;
    this.#call = call;
  }

  find(owner: string, name: string): Promise<FoundRepository | undefined> {
    return findRepository(this.#app, { owner, name });
  }

  async file(
    repository: RepositoryRef,
    ref: string,
    path: string,
  ): Promise<PolicyFile | undefined> {
    try {
      return await this.#call(repository, tokenPermissions.readContents, (octokit) =>
        readFile(octokit, repository, { ref, path }),
      );
    } catch (error) {
      // The commit is gone, or the repository has none.
      if (hasCode(error, 'github.not-found')) return undefined;
      throw error;
    }
  }

  pullRequest(repository: RepositoryRef, number: number): Promise<PolicyPull> {
    return this.#call(repository, tokenPermissions.readPullRequests, (octokit) =>
      readPolicyPull(octokit, repository, number),
    );
  }

  mergeBase(
    repository: RepositoryRef,
    { base, head }: { readonly base: string; readonly head: string },
  ): Promise<CommitSha> {
    return this.#call(repository, tokenPermissions.readContents, async (octokit) => {
      const tip = await commitOf(octokit, repository, base);
      const answer = await octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
        ...at(repository),
        basehead: `${tip}...${head}`,
        per_page: 1,
      });
      return readAnswer(Comparison, answer).merge_base_commit.sha;
    });
  }
}

async function commitOf(
  octokit: ApiClient,
  repository: RepositoryRef,
  ref: string,
): Promise<CommitSha> {
  const given = CommitSha.safeParse(ref);
  return given.success ? given.data : commitOfBranch(octokit, repository, ref);
}

async function readFile(
  octokit: ApiClient,
  repository: RepositoryRef,
  { ref, path }: { readonly ref: string; readonly path: string },
): Promise<PolicyFile | undefined> {
  const commit = await commitOf(octokit, repository, ref);
  const found = await readTreeFile(octokit, repository, { commit, path });
  if (found === undefined) return undefined;
  if (found.kind === 'file') return { kind: 'file', content: found.content };
  return { kind: 'unreadable', reason: `${found.reason}; a policy is a file` };
}
