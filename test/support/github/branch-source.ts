import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git } from './git.ts';
import {
  branchHead,
  commitDirectory,
  commitFiles,
  type FileChange,
  fetchCommit,
  isAncestor,
  type NewCommit,
  resolveCommit,
} from './git-repository.ts';
import type { BranchMove } from './push-event.ts';
import type { Repository, User } from './records.ts';
import type { World } from './world.ts';

/**
 * What a branch is to hold: changes of files on top of what it has (or of `base`, else the default branch);
 * the whole content of a folder; what a function writes into an empty folder; or a commit of another repository.
 */
export type BranchSource =
  | {
      readonly files: Readonly<Record<string, FileChange>>;
      readonly message?: string;
      readonly base?: string;
    }
  | { readonly directory: string; readonly message?: string }
  | { readonly seed: (directory: string) => Promise<void> | void; readonly message?: string }
  | { readonly from: string; readonly ref: string };

/** Makes the commit and moves the branch to it, even backwards, as a forced push does. */
export async function writeBranch(
  world: World,
  repo: Repository,
  wish: { branch: string; source: BranchSource; author: User },
): Promise<BranchMove> {
  const { branch, source, author } = wish;
  const before = await branchHead(repo.gitDir, branch);
  const parent = before ?? (await startOf(repo, source));
  const login = author.login;
  const commit: NewCommit = {
    parents: parent === undefined ? [] : [parent],
    message: ('message' in source ? source.message : undefined) ?? `Change ${branch}`,
    author: { name: login, email: `${author.id}+${login}@users.noreply.github.com` },
    epochMs: world.nowMs(),
  };
  const after = await write(repo.gitDir, source, commit);
  await git(repo.gitDir, ['update-ref', `refs/heads/${branch}`, after]);
  const forced = before !== undefined && !(await isAncestor(repo.gitDir, before, after));
  return { repo, branch, before, after, forced };
}

async function startOf(repo: Repository, source: BranchSource): Promise<string | undefined> {
  const base = 'base' in source ? source.base : undefined;
  return resolveCommit(repo.gitDir, base ?? `refs/heads/${repo.defaultBranch}`);
}

async function write(gitDir: string, source: BranchSource, commit: NewCommit): Promise<string> {
  if ('files' in source) return commitFiles(gitDir, source.files, commit);
  if ('from' in source) return fetchCommit(gitDir, source.from, source.ref);
  if ('directory' in source) return commitDirectory(gitDir, source.directory, commit);
  const folder = await mkdtemp(join(tmpdir(), 'stand-in-seed-'));
  try {
    await source.seed(folder);
    return await commitDirectory(gitDir, folder, commit);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
