import { dirname } from 'node:path';
import type { CommitSha } from '../../domain/ids.ts';
import type { RepoPath } from '../../domain/repo-path.ts';
import { SallyportError } from '../../errors.ts';
import { requireGit } from './capture.ts';
import { safeDirectories } from './fetch.ts';
import { checkedOrigin } from './location.ts';
import { parseTreeListing } from './tree-listing.ts';

/** More than any file that is read in this way; what is larger is refused. */
const largest = { maxBytes: 4 * 1024 * 1024, what: 'the file' };

/**
 * The bytes of one file in a commit of the local repository at `path`, an absolute path of its top folder;
 * undefined when it is not there. Reads only. Refuses links: what they name is not in the commit.
 * @throws SallyportError `git.failed`, `git.no-repository`, `input.too-large`
 */
export async function readLocalFile(
  path: string,
  { commit, file }: { readonly commit: CommitSha; readonly file: RepoPath },
  { gitBinary = 'git', signal = new AbortController().signal } = {},
): Promise<Buffer | undefined> {
  const origin = checkedOrigin({ mirrorKey: 'local', url: path, token: null });
  if (origin.transport !== 'file') throw new SallyportError('git.failed', 'not a local repository');
  const call = {
    binary: gitBinary,
    config: safeDirectories(path),
    environment: { GIT_CEILING_DIRECTORIES: dirname(path), GIT_LITERAL_PATHSPECS: '1' },
    signal,
  };
  const list = ['ls-tree', '-z', '-l', '--full-tree', commit, '--', file];
  const listing = await requireGit({ ...call, args: ['-C', path, ...list] });
  const [entry] = isFolder(listing) ? [] : parseTreeListing(listing);
  if (entry === undefined) return undefined;
  if (entry.kind === 'symlink' || entry.kind === 'submodule') {
    throw new SallyportError('git.failed', `${file} is a ${entry.kind} and no file`);
  }
  return requireGit({ ...call, args: ['-C', path, 'cat-file', 'blob', entry.sha] }, largest);
}

function isFolder(listing: Buffer): boolean {
  return /^[0-7]{6} tree /.test(listing.toString('latin1', 0, 12));
}
