import { resolveLocalRef } from '../adapters/git/local-ref.ts';
import type { CommitSha } from '../domain/ids.ts';
import { hasCode, SallyportError } from '../errors.ts';
import type { ReviewOptions } from './review-options.ts';

/**
 * The two commits that a local review compares.
 * @throws SallyportError `git.no-repository`, `git.missing-commit` and others, naming what was asked for
 */
export async function localCommits(
  { path, base, head }: Pick<ReviewOptions, 'path' | 'base' | 'head'>,
  signal: AbortSignal,
): Promise<{ readonly baseSha: CommitSha; readonly headSha: CommitSha }> {
  const baseSha = await commitOf(path, `--base ${base}`, { ref: base, signal });
  const headSha = await commitOf(path, `--head ${head}`, { ref: head, signal });
  return { baseSha, headSha };
}

async function commitOf(
  path: string,
  asked: string,
  { ref, signal }: { readonly ref: string; readonly signal: AbortSignal },
): Promise<CommitSha> {
  try {
    return await resolveLocalRef(path, ref, { signal });
  } catch (cause) {
    if (hasCode(cause, 'git.no-repository')) {
      const message = `${path} is not the top folder of a git repository`;
      throw new SallyportError('git.no-repository', message, { cause });
    }
    if (!hasCode(cause, 'git.missing-commit')) throw cause;
    throw new SallyportError('git.missing-commit', `${asked} names no commit of ${path}`, {
      cause,
    });
  }
}
