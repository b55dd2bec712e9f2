import { z } from 'zod';
import { CommitSha } from '../../domain/ids.ts';
import { readAnswer } from './answer.ts';
import type { ApiClient } from './api-client.ts';
import { at } from './repository-api.ts';
import type { TokenTarget } from './repository-tokens.ts';

/** More than any policy or list of owners; larger files are not fetched. */
const maxFileBytes = 1024 * 1024;

const Tree = z.object({
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.string(),
      sha: z.string().min(1),
      size: z.int().nonnegative().optional(),
    }),
  ),
});
const Ref = z.object({ object: z.object({ sha: CommitSha }) });
const Blob = z.object({ content: z.string(), encoding: z.literal('base64') });

/** What stands at a path of a commit. `sha` is that of the object that decided. */
export type TreeFile =
  | { readonly kind: 'file'; readonly sha: string; readonly content: Buffer }
  | { readonly kind: 'unreadable'; readonly sha: string; readonly reason: string };

/** Where a branch stands, by its full name: a tag may be called like it, and others may push those. */
export async function commitOfBranch(
  octokit: ApiClient,
  target: TokenTarget,
  branch: string,
): Promise<CommitSha> {
  const answer = await octokit.request('GET /repos/{owner}/{repo}/git/ref/{ref}', {
    ...at(target),
    ref: `heads/${branch}`,
  });
  return readAnswer(Ref, answer).object.sha;
}

/**
 * By trees and not by the contents API, which follows links: a link in a protected folder to a file that
 * is not protected would let a patch change the policy. Undefined: there is nothing of that path.
 */
export async function readTreeFile(
  octokit: ApiClient,
  target: TokenTarget,
  { commit, path }: { readonly commit: CommitSha; readonly path: string },
): Promise<TreeFile | undefined> {
  let sha: string = commit;
  const names = path.split('/');
  for (const [index, name] of names.entries()) {
    const answer = await octokit.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
      ...at(target),
      tree_sha: sha,
    });
    const entry = readAnswer(Tree, answer).tree.find((one) => one.path === name);
    if (entry === undefined) return undefined;
    ({ sha } = entry);
    const isLast = index === names.length - 1;
    const isFolder = entry.mode === '040000';
    if (!isLast && !isFolder) return unreadable(sha, 'is behind what is no folder');
    if (isLast && !entry.mode.startsWith('100')) return unreadable(sha, 'is a link or a folder');
    if ((entry.size ?? 0) > maxFileBytes) return unreadable(sha, 'is larger than 1 MiB');
  }
  const answer = await octokit.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
    ...at(target),
    file_sha: sha,
  });
  return { kind: 'file', sha, content: Buffer.from(readAnswer(Blob, answer).content, 'base64') };
}

function unreadable(sha: string, reason: string): TreeFile {
  return { kind: 'unreadable', sha, reason };
}
