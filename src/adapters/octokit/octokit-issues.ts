import { z } from 'zod';
import type { CommitSha } from '../../domain/ids.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import { hasCode, SallyportError } from '../../errors.ts';
import type { Issue, Issues, NewPullRequest } from '../../ports/issues.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { hasStatus, translateApiError } from './api-error.ts';
import type { AppIdentity } from './app-identity.ts';
import { findLabels } from './find-labels.ts';
import { assertSame } from './listed-pulls.ts';
import { at, type RepositoryApi } from './repository-api.ts';
import { assertBody, hostileText } from './text-limit.ts';
import { tokenPermissions } from './token-permissions.ts';
import { commitOfBranch } from './tree-files.ts';

const Found = z.object({
  number: z.int().positive(),
  state: z.enum(['open', 'closed']),
  pull_request: z.unknown().optional(),
  ...hostileText,
});
const Repository = z.object({ id: z.int(), default_branch: z.string().min(1) });
const Comparison = z.object({ status: z.string() });
const Opened = z.object({ number: z.int().positive() });
const ListedPulls = z.array(
  z.object({
    number: z.int().positive(),
    user: z.object({ id: z.int() }).nullable(),
    head: z.object({ ref: z.string(), repo: z.object({ id: z.int() }).nullable() }),
  }),
);
/** Longest title that GitHub takes, in characters (observed: 422 above it). */
const maxTitle = 256;

/** Issues, branches and pull requests of the App's own, over the REST API. */
export class OctokitIssues implements Issues {
  readonly #call: RepositoryApi;
  readonly #identity: AppIdentity;

  constructor(call: RepositoryApi, identity: AppIdentity) {
    this.#call = call;
    this.#identity = identity;
  }

  get(repository: RepositoryRef, number: number): Promise<Issue> {
    return this.#call(repository, tokenPermissions.readIssues, async (octokit) => {
      const answer = await octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}', {
        ...at(repository),
        issue_number: number,
      });
      const issue = readAnswer(Found, answer);
      // GitHub follows an issue that was moved to another repository.
      if (issue.number !== number) throw new SallyportError('github.not-found', 'it was moved');
      const { state, title, body } = issue;
      return { number, state, isPullRequest: issue.pull_request !== undefined, title, body };
    });
  }

  defaultBranch(repository: RepositoryRef): ReturnType<Issues['defaultBranch']> {
    return this.#call(repository, tokenPermissions.readContents, async (octokit) => {
      const answer = await octokit.request('GET /repos/{owner}/{repo}', at(repository));
      const { id, default_branch: name } = readAnswer(Repository, answer);
      assertSame(repository, id);
      return { name, headSha: await commitOfBranch(octokit, repository, name) };
    });
  }

  async isOnDefaultBranch(repository: RepositoryRef, sha: CommitSha): Promise<boolean> {
    const { headSha } = await this.defaultBranch(repository);
    if (headSha === sha) return true;
    try {
      return await this.#call(repository, tokenPermissions.readContents, async (octokit) => {
        const answer = await octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
          ...at(repository),
          basehead: `${sha}...${headSha}`,
          per_page: 1,
        });
        return ['ahead', 'identical'].includes(readAnswer(Comparison, answer).status);
      });
    } catch (error) {
      // The commit is gone, or the two have nothing in common.
      if (hasCode(error, 'github.not-found')) return false;
      throw error;
    }
  }

  createBranch(repository: RepositoryRef, branch: string, sha: CommitSha): Promise<void> {
    return this.#call(repository, tokenPermissions.writeContents, async (octokit) => {
      try {
        const ref = `refs/heads/${branch}`;
        await octokit.request('POST /repos/{owner}/{repo}/git/refs', {
          ...at(repository),
          ref,
          sha,
        });
      } catch (error) {
        // 422 is GitHub's answer both to a name that is taken and to a commit that is not there.
        if (!hasStatus(error, 422) || !(await hasBranch(octokit, repository, branch))) throw error;
      }
    });
  }

  openPullRequest(repository: RepositoryRef, wish: NewPullRequest): Promise<number> {
    return this.#call(repository, tokenPermissions.writePullRequests, async (octokit) => {
      const { branch, baseRef, title, body, isDraft } = wish;
      assertBody(body);
      if (title === '' || title.length > maxTitle) {
        throw new SallyportError('github.rejected', 'a title has 1 to 256 characters');
      }
      const answer = await octokit.request('POST /repos/{owner}/{repo}/pulls', {
        ...at(repository),
        head: branch,
        base: baseRef,
        title,
        body,
        draft: isDraft,
      });
      return readAnswer(Opened, answer).number;
    });
  }

  existingLabels(...[repository, labels]: Parameters<Issues['existingLabels']>) {
    return this.#call(repository, tokenPermissions.readIssues, (octokit) =>
      findLabels(octokit, repository, labels),
    );
  }

  addLabels(...[repository, number, labels]: Parameters<Issues['addLabels']>): Promise<void> {
    return this.#call(repository, tokenPermissions.writeIssues, async (octokit) => {
      await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', {
        ...at(repository),
        issue_number: number,
        labels: [...labels],
      });
    });
  }

  async findPullRequest(repository: RepositoryRef, branch: string): Promise<number | undefined> {
    const botUserId = await this.#identity.botUserId(repository);
    return this.#call(repository, tokenPermissions.readPullRequests, async (octokit) => {
      const answer = await octokit.request('GET /repos/{owner}/{repo}/pulls', {
        ...at(repository),
        head: `${repository.owner}:${branch}`,
        state: 'all',
        per_page: 100,
      });
      // Where GitHub does not know the branch it leaves the filter out and lists them all.
      const own = readAnswer(ListedPulls, answer).filter(
        ({ user, head }) =>
          user?.id === botUserId &&
          head.ref === branch &&
          head.repo?.id === repository.repositoryId,
      );
      return own[0]?.number;
    });
  }
}

async function hasBranch(
  octokit: ApiClient,
  repository: RepositoryRef,
  branch: string,
): Promise<boolean> {
  try {
    await commitOfBranch(octokit, repository, branch);
    return true;
  } catch (error) {
    if (hasCode(translateApiError(error), 'github.not-found')) return false;
    throw error;
  }
}
