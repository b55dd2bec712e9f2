import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitSha } from '../../domain/ids.ts';
import { SallyportError } from '../../errors.ts';
import { requireGit } from './capture.ts';

/** Private refs of a mirror. A commit that has one is there with all of its ancestry, checked. */
const refPrefix = 'refs/sallyport/';

/** The ref that keeps `sha` and everything it needs from being collected. */
export function refOf(sha: CommitSha): string {
  return `${refPrefix}${sha}`;
}

/** Written once; every git process overrides what matters by environment as well. */
const mirrorConfig = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
\thooksPath = /dev/null
\tlogAllRefUpdates = false
[gc]
\tauto = 0
[transfer]
\tfsckObjects = true
`;

/** One bare repository of ours, and how to run git on it. */
export interface Mirror {
  readonly binary: string;
  readonly gitDir: string;
}

/** Creates the mirror when it is not there. Call with its lock held. */
export async function createMirror(mirror: Mirror, signal: AbortSignal): Promise<void> {
  if (await isFolder(mirror.gitDir)) return;
  // Made beside and moved into place: a crash leaves no half repository under the real name.
  const unfinished = `${mirror.gitDir}.new`;
  await rm(unfinished, { recursive: true, force: true });
  const format = ['--bare', '--template=', '--object-format=sha1', '--initial-branch=none'];
  await requireGit({
    binary: mirror.binary,
    args: ['init', '--quiet', ...format, '--', unfinished],
    signal,
  });
  await writeFile(join(unfinished, 'config'), mirrorConfig);
  await mkdir(join(unfinished, 'refs', 'sallyport'), { recursive: true });
  await rename(unfinished, mirror.gitDir);
}

/** Removes what a killed fetch left behind. Call with the lock held: then nobody is writing these. */
export async function clearLeftovers(mirror: Mirror): Promise<void> {
  await removeMatching(join(mirror.gitDir, 'objects', 'pack'), /^(?:tmp_|\.tmp-)|\.keep$/);
  await removeMatching(join(mirror.gitDir, 'refs', 'sallyport'), /\.lock$/);
  await removeMatching(mirror.gitDir, /\.lock$/);
}

/** The commits of `wanted` that have no ref in the mirror yet. @throws SallyportError `git.failed` */
export async function missingCommits(
  mirror: Mirror,
  wanted: readonly CommitSha[],
  signal: AbortSignal,
): Promise<CommitSha[]> {
  const distinct = [...new Set(wanted)];
  if (!(await isFolder(mirror.gitDir))) return distinct;
  const listing = await requireGit({
    binary: mirror.binary,
    args: [
      `--git-dir=${mirror.gitDir}`,
      'for-each-ref',
      '--format=%(objectname) %(objecttype)',
      ...distinct.map(refOf),
    ],
    signal,
  });
  const present = new Set(listing.toString('latin1').split('\n'));
  // An id may name a tag or a tree too; only commits count.
  return distinct.filter((sha) => !present.has(`${sha} commit`));
}

/** The error for commits that a fetch did not bring. */
export function missingCommitError(missing: readonly CommitSha[]): SallyportError {
  return new SallyportError(
    'git.missing-commit',
    `not a commit of the repository: ${missing.join(', ')}`,
  );
}

async function isFolder(path: string): Promise<boolean> {
  const entry = await stat(path).catch(ignoreAbsent);
  return entry?.isDirectory() ?? false;
}

async function removeMatching(folder: string, pattern: RegExp): Promise<void> {
  const names = (await readdir(folder).catch(ignoreAbsent)) ?? [];
  for (const name of names.filter((entry) => pattern.test(entry))) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

function ignoreAbsent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
