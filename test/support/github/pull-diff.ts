import { type CommitRecord, listCommits } from './commits.ts';
import { diffCommits, type FileDiff } from './diff.ts';
import { withinLimits } from './diff-limits.ts';
import { mergeBase } from './git-repository.ts';
import type { PullRequest } from './records.ts';

/** The pull request's own diff: from where it left the base branch to its head (three dots). */
export async function pullFiles(pullRequest: PullRequest): Promise<FileDiff[]> {
  const { repo, pull } = pullRequest;
  const base = await mergeBase(repo.gitDir, pull.baseSha, pull.headSha);
  return base === undefined ? [] : withinLimits(await diffCommits(repo.gitDir, base, pull.headSha));
}

/** The commits of the pull request, oldest first. */
export function pullCommits(pullRequest: PullRequest): Promise<CommitRecord[]> {
  const { repo, pull } = pullRequest;
  return listCommits(repo.gitDir, [pull.headSha, `^${pull.baseSha}`]);
}
