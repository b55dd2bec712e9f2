import { dirname } from 'node:path';
import { CommitSha } from '../../domain/ids.ts';
import { SallyportError } from '../../errors.ts';
import { captureGit } from './capture.ts';
import { gitFailure } from './failure.ts';
import { safeDirectories } from './fetch.ts';
import { checkedOrigin } from './location.ts';

/** Longest reference accepted, in UTF-16 units. */
const maxRefLength = 250;

/**
 * The commit that `ref` (branch, tag, SHA, `HEAD~2`, …) names in the local repository at `path`,
 * an absolute path of its top folder. Reads only. Refuses a ref that could be an option.
 * @throws SallyportError `git.missing-commit`, `git.no-repository`, `git.failed`
 */
export async function resolveLocalRef(
  path: string,
  ref: string,
  { gitBinary = 'git', signal = new AbortController().signal } = {},
): Promise<CommitSha> {
  const origin = checkedOrigin({ mirrorKey: 'local', url: path, token: null });
  if (origin.transport !== 'file') throw new SallyportError('git.failed', 'not a local repository');
  if (!isPlainRef(ref)) throw unresolved();
  const answer = await captureGit({
    binary: gitBinary,
    args: ['-C', path, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`],
    config: safeDirectories(path),
    // A folder that only lies inside some repository is not that repository.
    environment: { GIT_CEILING_DIRECTORIES: dirname(path) },
    signal,
  });
  const sha = CommitSha.safeParse(answer.stdout.toString('latin1').trim());
  if (answer.exitCode === 0 && sha.success) return sha.data;
  // 1 is `--quiet`'s answer for a name that names nothing; the rest is a fault.
  throw answer.exitCode === 1 ? unresolved() : gitFailure('rev-parse', answer);
}

function isPlainRef(ref: string): boolean {
  const printable = !/[\s\p{Cc}]/u.test(ref);
  return printable && ref !== '' && ref.length <= maxRefLength && !ref.startsWith('-');
}

function unresolved(): SallyportError {
  return new SallyportError(
    'git.missing-commit',
    'the reference names no commit of the repository',
  );
}
