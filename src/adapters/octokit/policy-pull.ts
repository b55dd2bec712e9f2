import { z } from 'zod';
import { CommitSha } from '../../domain/ids.ts';
import type { RepositoryRef } from '../../domain/repository.ts';
import { SallyportError } from '../../errors.ts';
import type { PolicyPull } from '../../ports/policy-facts.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { at } from './repository-api.ts';

/** GitHub lists no more files of a pull request (docs, rest/pulls: "List pull requests files"). */
const maxListedFiles = 3_000;

const Pull = z.object({
  number: z.int().positive(),
  state: z.enum(['open', 'closed']),
  draft: z.boolean().default(false),
  user: z.object({ id: z.int(), login: z.string().min(1) }).nullable(),
  labels: z.array(z.object({ name: z.string() })),
  changed_files: z.int().nonnegative(),
  head: z.object({ sha: CommitSha, repo: z.object({ id: z.int() }).nullable() }),
  base: z.object({ ref: z.string().min(1), repo: z.object({ id: z.int() }) }),
});
const Files = z.array(z.object({ filename: z.string(), previous_filename: z.string().optional() }));

/**
 * A pull request with its changed files, over the REST API.
 * @throws SallyportError `github.not-found` when the name belongs to another repository by now
 */
export async function readPolicyPull(
  octokit: ApiClient,
  repository: RepositoryRef,
  number: number,
): Promise<PolicyPull> {
  const which = { ...at(repository), pull_number: number };
  const answer = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', which);
  const pull = readAnswer(Pull, answer);
  if (pull.base.repo.id !== repository.repositoryId) {
    throw new SallyportError('github.not-found', 'the name belongs to another repository now');
  }
  return {
    number: pull.number,
    state: pull.state,
    isDraft: pull.draft,
    isFork: pull.head.repo?.id !== repository.repositoryId,
    // GitHub shows the work of deleted accounts as that of the account `ghost`.
    author: pull.user ?? { id: 0, login: 'ghost' },
    baseBranch: pull.base.ref,
    headSha: pull.head.sha,
    labels: pull.labels.map(({ name }) => name),
    paths: pull.changed_files > maxListedFiles ? null : await changedPaths(octokit, which),
  };
}

async function changedPaths(
  octokit: ApiClient,
  which: { readonly owner: string; readonly repo: string; readonly pull_number: number },
): Promise<readonly string[]> {
  const pages = octokit.paginate.iterator('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
    ...which,
    per_page: 100,
  });
  const paths: string[] = [];
  for await (const page of pages) {
    for (const { filename, previous_filename: before } of readAnswer(Files, page)) {
      paths.push(filename, ...(before === undefined ? [] : [before]));
    }
  }
  return paths;
}
