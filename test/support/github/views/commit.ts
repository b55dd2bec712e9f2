import type { CommitRecord } from '../commits.ts';
import type { FileDiff } from '../diff.ts';
import type { JsonObject } from '../json.ts';
import type { Repository } from '../records.ts';
import { fullName, type World } from '../world.ts';
import { nodeId, viewUser } from './account.ts';
import { repositoryUrl } from './repository.ts';

/** `verification`: only commits that GitHub made itself are signed. */
export function viewVerification(world: World, sha: string): JsonObject {
  const signed = world.signedCommits.has(sha);
  const signature = signed ? '-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----' : null;
  const verifiedAt = signed ? world.now() : null;
  return {
    verified: signed,
    reason: signed ? 'valid' : 'unsigned',
    signature,
    payload: null,
    verified_at: verifiedAt,
  };
}

/** The account behind a commit's mail address `ID+LOGIN@users.noreply.github.com`, or null. */
function accountOf(world: World, email: string): JsonObject | null {
  const login = /^\d+\+(.+)@users\.noreply\.github\.com$/.exec(email)?.[1];
  const user = login === undefined ? undefined : world.users.get(login.toLowerCase());
  return user ? viewUser(world, user) : null;
}

/** A commit of a repository, with its files when they are to be shown. */
export interface ShownCommit {
  readonly repo: Repository;
  readonly commit: CommitRecord;
  readonly files?: readonly FileDiff[];
}

/** `commit`, with its files when given. */
export function viewCommit(world: World, { repo, commit, files }: ShownCommit): JsonObject {
  const url = `${repositoryUrl(world, repo)}/commits/${commit.sha}`;
  const html = (sha: string): string => `${world.url}/${fullName(repo)}/commit/${sha}`;
  return {
    url,
    sha: commit.sha,
    node_id: nodeId('C', Number.parseInt(commit.sha.slice(0, 12), 16)),
    html_url: html(commit.sha),
    comments_url: `${url}/comments`,
    commit: {
      url: `${repositoryUrl(world, repo)}/git/commits/${commit.sha}`,
      author: { ...commit.author },
      committer: { ...commit.committer },
      message: commit.message,
      tree: { sha: commit.tree, url: `${repositoryUrl(world, repo)}/git/trees/${commit.tree}` },
      comment_count: 0,
      verification: viewVerification(world, commit.sha),
    },
    author: accountOf(world, commit.author.email),
    committer: accountOf(world, commit.committer.email),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${repositoryUrl(world, repo)}/commits/${sha}`,
      html_url: html(sha),
    })),
    ...(files
      ? {
          stats: stats(files),
          files: files.map((file) => viewFile(world, { repo, headSha: commit.sha }, file)),
        }
      : {}),
  };
}

function stats(files: readonly FileDiff[]): JsonObject {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return { additions, deletions, total: additions + deletions };
}

/** `diff-entry` of the commit `headSha`. */
export function viewFile(
  world: World,
  { repo, headSha }: { repo: Repository; headSha: string },
  file: FileDiff,
): JsonObject {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  const html = `${world.url}/${fullName(repo)}`;
  return {
    sha: file.blobSha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${html}/blob/${headSha}/${path}`,
    raw_url: `${html}/raw/${headSha}/${path}`,
    contents_url: `${repositoryUrl(world, repo)}/contents/${path}?ref=${headSha}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previousPath === undefined ? {} : { previous_filename: file.previousPath }),
  };
}
