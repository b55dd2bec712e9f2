import { CommitSha } from '../../domain/ids.ts';
import { captureGit, requireGit } from './capture.ts';
import { gitFailure } from './failure.ts';
import type { Mirror } from './mirror.ts';

/**
 * The first of the best common ancestors, in git's order. Histories that have none (or none that a
 * shallow source reaches) are compared as they are: the base commit itself is the answer then.
 * @throws SallyportError `git.failed`
 */
export async function findMergeBase(
  mirror: Mirror,
  { baseSha, headSha }: { readonly baseSha: CommitSha; readonly headSha: CommitSha },
  signal: AbortSignal,
): Promise<CommitSha> {
  const args = [`--git-dir=${mirror.gitDir}`, 'merge-base', baseSha, headSha];
  const answer = await captureGit({ binary: mirror.binary, args, signal });
  // 1 and no output: there is no common ancestor (git-merge-base(1)).
  if (answer.exitCode === 1 && answer.stdout.length === 0) return baseSha;
  if (answer.exitCode !== 0) throw gitFailure('merge-base', answer);
  return CommitSha.parse(answer.stdout.toString('latin1').split('\n')[0]);
}

/** Commit time in epoch seconds; 0 for a commit whose date is before 1970, damaged or past year 5138. */
export async function readCommitTime(
  mirror: Mirror,
  sha: CommitSha,
  signal: AbortSignal,
): Promise<number> {
  const format = ['rev-list', '--max-count=1', '--no-commit-header', '--format=%ct'];
  const args = [`--git-dir=${mirror.gitDir}`, ...format, sha];
  const text = (await requireGit({ binary: mirror.binary, args, signal }))
    .toString('latin1')
    .trim();
  return /^\d{1,11}$/.test(text) ? Number(text) : 0;
}
