import { git } from './git.ts';
import type { Repository } from './records.ts';
import { notFound } from './refusal.ts';

/** One entry of a tree as git lists it; `size` is 0 for anything but a blob. */
export interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size: number;
  readonly path: string;
}

/** The entries of a tree; `-r` and `-t` as for `git ls-tree`. @throws GitFailure */
export async function listTree(
  repo: Repository,
  treeish: string,
  ...options: string[]
): Promise<TreeEntry[]> {
  const output = await git(repo.gitDir, [
    'ls-tree',
    '-z',
    '--long',
    '--full-tree',
    ...options,
    treeish,
  ]);
  return output
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', type = '', sha = '', size = '-'] = line.slice(0, tab).split(/ +/);
      return { mode, type, sha, size: size === '-' ? 0 : Number(size), path: line.slice(tab + 1) };
    });
}

/** The object a name means, if it is of that type. @throws Refusal 404 */
export async function objectOf(
  repo: Repository,
  name: string,
  type: 'blob' | 'tree',
): Promise<string> {
  if (name.startsWith('-')) throw notFound();
  const args = ['rev-parse', '--quiet', '--verify', '--end-of-options', `${name}^{${type}}`];
  const sha = (await git(repo.gitDir, args, { okCodes: [0, 1, 128] })).trim();
  if (sha === '') throw notFound();
  return sha;
}

/** GitHub breaks its base64 every 60 characters. */
export function wrapBase64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/.{1,60}/g, '$&\n');
}
