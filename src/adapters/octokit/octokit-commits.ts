import { z } from 'zod';
import { CommitSha } from '../../domain/ids.ts';
import { fullName, type RepositoryRef } from '../../domain/repository.ts';
import { SallyportError } from '../../errors.ts';
import type { Commits } from '../../ports/github.ts';
import { readAnswer } from './answer.ts';
import { at, type RepositoryApi } from './repository-api.ts';
import { tokenPermissions } from './token-permissions.ts';

const Created = z.object({
  createCommitOnBranch: z.object({ commit: z.object({ oid: CommitSha }) }),
});
const Branch = z.object({
  name: z.string(),
  commit: z.object({
    sha: CommitSha,
    commit: z.object({ message: z.string() }),
    parents: z.array(z.object({ sha: CommitSha })),
  }),
});

const GitCommit = z.object({ sha: CommitSha, tree: z.object({ sha: CommitSha }) });

const mutation = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`;

/** Commits over the GraphQL API: GitHub signs them, and refuses when the head is not the expected one. */
export class OctokitCommits implements Commits {
  readonly #call: RepositoryApi;

  constructor(call: RepositoryApi) {
    this.#call = call;
  }

  commitOnBranch(
    repository: RepositoryRef,
    commit: Parameters<Commits['commitOnBranch']>[1],
  ): Promise<CommitSha> {
    const input = commitInput(repository, commit);
    return this.#call(repository, tokenPermissions.writeContents, async (octokit) => {
      const data: unknown = await octokit.graphql(mutation, { input });
      return readAnswer(Created, { data }).createCommitOnBranch.commit.oid;
    });
  }

  treeOf(repository: RepositoryRef, sha: CommitSha): Promise<string> {
    return this.#call(repository, tokenPermissions.readContents, async (octokit) => {
      const route = 'GET /repos/{owner}/{repo}/git/commits/{commit_sha}';
      const answer = await octokit.request(route, { ...at(repository), commit_sha: sha });
      const commit = readAnswer(GitCommit, answer);
      if (commit.sha === sha) return commit.tree.sha;
      throw new SallyportError('github.not-found', 'the answer is about another commit');
    });
  }

  branchHead(repository: RepositoryRef, branch: string): ReturnType<Commits['branchHead']> {
    return this.#call(repository, tokenPermissions.readContents, async (octokit) => {
      const answer = await octokit.request('GET /repos/{owner}/{repo}/branches/{branch}', {
        ...at(repository),
        branch,
      });
      const { name, commit } = readAnswer(Branch, answer);
      // GitHub redirects the name of a renamed branch to the new one, which nobody asked about.
      if (name !== branch) throw new SallyportError('github.not-found', 'the branch was renamed');
      const parents = commit.parents.map(({ sha }) => sha);
      return { sha: commit.sha, message: commit.commit.message, parents };
    });
  }
}

function commitInput(repository: RepositoryRef, commit: Parameters<Commits['commitOnBranch']>[1]) {
  return {
    branch: { repositoryNameWithOwner: fullName(repository), branchName: commit.branch },
    expectedHeadOid: commit.expectedHeadSha,
    message: { headline: commit.headline, body: commit.body },
    fileChanges: {
      additions: commit.additions.map(({ path, bytes }) => ({
        path,
        contents: Buffer.from(bytes).toString('base64'),
      })),
      deletions: commit.deletions.map((path) => ({ path })),
    },
  };
}
