import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitFailure, git } from './git.ts';

/** The new content of a path; null deletes it. A plain value is a regular file. */
export type FileChange =
  | string
  | Uint8Array
  | null
  | { readonly content: string; readonly mode: '100755' | '120000' };

/** Who made a commit. */
export interface Person {
  readonly name: string;
  readonly email: string;
}

/** A commit to be written straight into a bare repository. */
export interface NewCommit {
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Person;
  readonly committer?: Person;
  readonly epochMs: number;
}

/**
 * The whole configuration of a bare repository. Any commit is served by its SHA, as on GitHub;
 * pushing over HTTP is never offered, because the product commits through the API only.
 */
const CONFIG = `[core]
\trepositoryformatversion = 0
\tbare = true
[uploadpack]
\tallowAnySHA1InWant = true
\tallowFilter = true
[http]
\treceivepack = false
`;

/** Creates an empty bare repository, without git and so without its templates and hooks. */
export async function initBare(gitDir: string, defaultBranch: string): Promise<void> {
  for (const folder of ['objects', 'refs/heads'])
    await mkdir(join(gitDir, folder), { recursive: true });
  await writeFile(join(gitDir, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`);
  await writeFile(join(gitDir, 'config'), CONFIG);
}

/** Commits file changes on top of the first parent (or on nothing). Returns the new commit. @throws GitFailure */
export async function commitFiles(
  gitDir: string,
  files: Readonly<Record<string, FileChange>>,
  commit: NewCommit,
): Promise<string> {
  return withIndex(async (env) => {
    const [parent] = commit.parents;
    if (parent !== undefined) await git(gitDir, ['read-tree', parent], { env });
    const lines = await Promise.all(
      Object.entries(files).map(([path, change]) => indexLine(gitDir, path, change)),
    );
    await git(gitDir, ['update-index', '-z', '--index-info'], { env, input: lines.join('') });
    return commitIndex(gitDir, env, commit);
  });
}

/** Commits the whole content of a folder (its `.git`, if any, is left out). @throws GitFailure */
export async function commitDirectory(
  gitDir: string,
  directory: string,
  commit: NewCommit,
): Promise<string> {
  return withIndex(async (env) => {
    await git(gitDir, [`--work-tree=${directory}`, 'add', '--all', '--force', '.'], {
      env: { ...env, GIT_WORK_TREE: directory },
    });
    return commitIndex(gitDir, env, commit);
  });
}

/** Copies a commit and its history from another repository. @throws GitFailure */
export async function fetchCommit(gitDir: string, from: string, ref: string): Promise<string> {
  await git(gitDir, [
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    from,
    `+${ref}:refs/stand-in/incoming`,
  ]);
  const sha = await resolveCommit(gitDir, 'refs/stand-in/incoming');
  await git(gitDir, ['update-ref', '-d', 'refs/stand-in/incoming']);
  if (sha === undefined) throw new Error(`${ref} is not a commit of ${from}`);
  return sha;
}

/** The full SHA that a name means, or undefined when there is no such commit. */
export async function resolveCommit(gitDir: string, name: string): Promise<string | undefined> {
  if (name.startsWith('-') || name === '') return undefined;
  const args = ['rev-parse', '--quiet', '--verify', '--end-of-options', `${name}^{commit}`];
  const output = await git(gitDir, args, { okCodes: [0, 1, 128] });
  return output.trim() || undefined;
}

/** The head of a branch, or undefined. */
export function branchHead(gitDir: string, branch: string): Promise<string | undefined> {
  return resolveCommit(gitDir, `refs/heads/${branch}`);
}

/** Moves a ref only if it still is where the caller saw it. Returns false when it is not. */
export async function moveRef(
  gitDir: string,
  ref: string,
  { to, expected }: { to: string; expected: string | undefined },
): Promise<boolean> {
  try {
    await git(gitDir, ['update-ref', '--', ref, to, expected ?? '0'.repeat(40)]);
    return true;
  } catch (error) {
    if (error instanceof GitFailure) return false;
    throw error;
  }
}

/** True when the first commit is the second one or one of its ancestors. */
export async function isAncestor(
  gitDir: string,
  ancestor: string,
  descendant: string,
): Promise<boolean> {
  const base = await mergeBase(gitDir, ancestor, descendant);
  return base === ancestor;
}

/** The best common ancestor, or undefined for unrelated histories. */
export async function mergeBase(gitDir: string, a: string, b: string): Promise<string | undefined> {
  return (await git(gitDir, ['merge-base', a, b], { okCodes: [0, 1] })).trim() || undefined;
}

async function withIndex<T>(use: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'stand-in-index-'));
  try {
    return await use({ GIT_INDEX_FILE: join(folder, 'index') });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function indexLine(gitDir: string, path: string, change: FileChange): Promise<string> {
  if (change === null) return `0 ${'0'.repeat(40)}\t${path}\0`;
  const special =
    typeof change === 'object' && !(change instanceof Uint8Array) ? change : undefined;
  const input = special ? special.content : (change as string | Uint8Array);
  const blob = await git(gitDir, ['hash-object', '-w', '--stdin'], { input });
  return `${special?.mode ?? '100644'} ${blob.trim()}\t${path}\0`;
}

async function commitIndex(
  gitDir: string,
  env: Record<string, string>,
  commit: NewCommit,
): Promise<string> {
  const tree = (await git(gitDir, ['write-tree'], { env })).trim();
  const committer = commit.committer ?? commit.author;
  const date = `@${Math.floor(commit.epochMs / 1000)} +0000`;
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  const sha = await git(gitDir, ['commit-tree', tree, ...parents], {
    input: commit.message,
    env: {
      GIT_AUTHOR_NAME: commit.author.name,
      GIT_AUTHOR_EMAIL: commit.author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
      GIT_COMMITTER_DATE: date,
    },
  });
  return sha.trim();
}
