import { branchMoved } from './branches.ts';
import type { Scene } from './events.ts';
import { git } from './git.ts';
import { branchHead, commitFiles, type FileChange, moveRef } from './git-repository.ts';
import { GraphQlRefusal } from './graphql/refusal.ts';
import { grants } from './permissions.ts';
import type { InstallationToken, Repository } from './records.ts';
import { reachable } from './tokens.ts';
import { fullName, type World } from './world.ts';

/** The input of GitHub's mutation `createCommitOnBranch`. */
export interface CommitInput {
  readonly branch: {
    readonly id?: string;
    readonly repositoryNameWithOwner?: string;
    readonly branchName?: string;
  };
  readonly fileChanges?: {
    readonly additions?: readonly { readonly path: string; readonly contents: string }[];
    readonly deletions?: readonly { readonly path: string }[];
  };
  readonly message: { readonly headline: string; readonly body?: string };
  readonly expectedHeadOid: string;
  readonly clientMutationId?: string;
}

/**
 * Makes a real commit by the App's bot on the head of a branch, signed by GitHub, and moves the branch.
 * @throws GraphQlRefusal STALE_DATA when the branch is not at `expectedHeadOid`; NOT_FOUND; FORBIDDEN; UNPROCESSABLE
 */
export async function createCommitOnBranch(
  scene: Scene,
  token: InstallationToken,
  input: CommitInput,
): Promise<unknown> {
  const { world, webhooks } = scene;
  const { repo, branch } = target(token, input);
  const files = changes(input);
  allow(token, Object.keys(files));
  const head = await branchHead(repo.gitDir, branch);
  if (head === undefined)
    throw new GraphQlRefusal('NOT_FOUND', `Could not resolve to a branch named '${branch}'.`);
  if (head !== input.expectedHeadOid) throw stale(input.expectedHeadOid);
  await refuseMissingDeletions(repo, head, input);
  const after = await commitFiles(repo.gitDir, files, {
    parents: [head],
    message: [input.message.headline, input.message.body].filter(Boolean).join('\n\n'),
    author: {
      name: world.bot.login,
      email: `${world.bot.id}+${world.bot.login}@users.noreply.github.com`,
    },
    committer: { name: 'GitHub', email: 'noreply@github.com' },
    epochMs: world.nowMs(),
  });
  // Compare and swap: of two concurrent commits on one head, one loses.
  if (!(await moveRef(repo.gitDir, `refs/heads/${branch}`, { to: after, expected: head })))
    throw stale(input.expectedHeadOid);
  world.signedCommits.add(after);
  webhooks.background(branchMoved(scene, { repo, branch, before: head, after, forced: false }));
  return payload(world, { repo, branch }, { sha: after, input });
}

function target(
  token: InstallationToken,
  { branch }: CommitInput,
): { repo: Repository; branch: string } {
  const name = branch.repositoryNameWithOwner ?? '';
  const repo = reachable(token).find((one) => fullName(one).toLowerCase() === name.toLowerCase());
  if (!repo || branch.branchName === undefined) {
    throw new GraphQlRefusal(
      'NOT_FOUND',
      `Could not resolve to a Repository with the name '${name}'.`,
    );
  }
  return { repo, branch: branch.branchName.replace(/^refs\/heads\//, '') };
}

function changes({ fileChanges }: CommitInput): Record<string, FileChange> {
  const additions = (fileChanges?.additions ?? []).map(
    ({ path, contents }) => [path, decode(contents)] as const,
  );
  const deletions = (fileChanges?.deletions ?? []).map(({ path }) => [path, null] as const);
  const files: Record<string, FileChange> = Object.fromEntries([...additions, ...deletions]);
  const paths = Object.keys(files);
  if (paths.length < additions.length + deletions.length)
    throw new GraphQlRefusal('UNPROCESSABLE', 'A path may be changed only once.');
  const bad = paths.find(
    (path) =>
      path === '' ||
      path.split('/').some((part) => ['', '.', '..', '.git'].includes(part.toLowerCase())),
  );
  if (bad !== undefined) throw new GraphQlRefusal('UNPROCESSABLE', `Path is invalid: ${bad}`);
  return files;
}

function decode(contents: string): Buffer {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(contents))
    throw new GraphQlRefusal('UNPROCESSABLE', 'contents must be Base64');
  return Buffer.from(contents, 'base64');
}

/** `.github/workflows/**` needs a permission of its own. */
function allow(token: InstallationToken, paths: readonly string[]): void {
  const touchesWorkflows = paths.some((path) => path.startsWith('.github/workflows/'));
  const needed = ['contents:write', ...(touchesWorkflows ? ['workflows:write'] : [])];
  if (!needed.every((wanted) => grants(token.permissions, wanted))) {
    throw new GraphQlRefusal('FORBIDDEN', 'Resource not accessible by integration');
  }
}

async function refuseMissingDeletions(
  repo: Repository,
  head: string,
  { fileChanges }: CommitInput,
): Promise<void> {
  const paths = new Set(
    (await git(repo.gitDir, ['ls-tree', '-r', '-z', '--name-only', head])).split('\0'),
  );
  const missing = (fileChanges?.deletions ?? []).find(({ path }) => !paths.has(path));
  if (missing)
    throw new GraphQlRefusal(
      'UNPROCESSABLE',
      `A path was requested for deletion which does not exist: ${missing.path}`,
    );
}

function stale(expected: string): GraphQlRefusal {
  return new GraphQlRefusal(
    'STALE_DATA',
    `Expected branch to point to "${expected}" but it did not. Pull and try again.`,
  );
}

function payload(
  world: World,
  { repo, branch }: { repo: Repository; branch: string },
  { sha, input }: { sha: string; input: CommitInput },
): unknown {
  const url = `${world.url}/${fullName(repo)}/commit/${sha}`;
  const commit = {
    __typename: 'Commit',
    id: `C_${sha}`,
    oid: sha,
    abbreviatedOid: sha.slice(0, 7),
    url,
    commitUrl: url,
    message: input.message.headline,
    signature: { __typename: 'GpgSignature', isValid: true },
  };
  const ref = { id: `REF_${branch}`, name: branch, target: commit };
  return { clientMutationId: input.clientMutationId ?? null, commit, ref };
}
