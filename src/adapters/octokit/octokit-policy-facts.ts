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
import type { ApiClient, PacedClient } from './api-client.ts';
import { findRepository } from './find-repository.ts';
import { readPolicyPull } from './policy-pull.ts';
import { at, type RepositoryApi } from './repository-api.ts';
import { tokenPermissions } from './token-permissions.ts';

/** More than any policy; larger files are not fetched. */
const maxFileBytes = 1024 * 1024;

const Tree = z.object({
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.string(),
      sha: z.string(),
      size: z.int().nonnegative().optional(),
    }),
  ),
});
const Ref = z.object({ object: z.object({ sha: CommitSha }) });
const Blob = z.object({ content: z.string(), encoding: z.literal('base64') });
const Comparison = z.object({ merge_base_commit: z.object({ sha: CommitSha }) });

/** What policies ask of GitHub, over its REST API. */
export class OctokitPolicyFacts implements PolicyFacts {
  readonly #app: PacedClient;
  readonly #call: RepositoryApi;

  /** `app` authenticates as the App itself. */
  constructor(app: PacedClient, call: RepositoryApi) {
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

/** Of a branch by its full name: a tag may be called like it, and whoever may push tags would choose the policy. */
async function commitOf(
  octokit: ApiClient,
  repository: RepositoryRef,
  ref: string,
): Promise<CommitSha> {
  const given = CommitSha.safeParse(ref);
  if (given.success) return given.data;
  const answer = await octokit.request('GET /repos/{owner}/{repo}/git/ref/{ref}', {
    ...at(repository),
    ref: `heads/${ref}`,
  });
  return readAnswer(Ref, answer).object.sha;
}

/**
 * By trees and not by the contents API, which follows links: a link in a protected folder to a file that
 * is not protected would let a patch change the policy.
 */
async function readFile(
  octokit: ApiClient,
  repository: RepositoryRef,
  { ref, path }: { readonly ref: string; readonly path: string },
): Promise<PolicyFile | undefined> {
  let sha: string = await commitOf(octokit, repository, ref);
  const names = path.split('/');
  for (const [index, name] of names.entries()) {
    const answer = await octokit.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
      ...at(repository),
      tree_sha: sha,
    });
    const entry = readAnswer(Tree, answer).tree.find((one) => one.path === name);
    if (entry === undefined) return undefined;
    const isLast = index === names.length - 1;
    if (!isLast && entry.mode !== '040000') return unreadable('is behind what is no folder');
    if (isLast && !entry.mode.startsWith('100')) return unreadable('is a link or a folder');
    if ((entry.size ?? 0) > maxFileBytes) return unreadable('is larger than 1 MiB');
    sha = entry.sha;
  }
  const answer = await octokit.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
    ...at(repository),
    file_sha: sha,
  });
  return { kind: 'file', content: Buffer.from(readAnswer(Blob, answer).content, 'base64') };
}

function unreadable(reason: string): PolicyFile {
  return { kind: 'unreadable', reason: `${reason}; a policy is a file` };
}
