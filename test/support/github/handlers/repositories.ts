import { type Call, type Handler, repositoryOf, text } from '../call.ts';
import { listCommits, readCommit } from '../commits.ts';
import { diffCommits } from '../diff.ts';
import { branchHead, mergeBase, resolveCommit } from '../git-repository.ts';
import type { Repository, Role, User } from '../records.ts';
import { notFound, Refusal } from '../refusal.ts';
import { viewPublicUser, viewUser } from '../views/account.ts';
import { viewCommit, viewFile } from '../views/commit.ts';
import { repositoryUrl, viewRepository } from '../views/repository.ts';
import { fullName } from '../world.ts';

/** The role of a person: the owner is admin, public repositories give read to all. Undefined for no access. */
function roleOf(repo: Repository, user: User): Role | undefined {
  if (repo.owner === user) return { roleName: 'admin', permission: 'admin' };
  const open: Role | undefined = repo.isPrivate
    ? undefined
    : { roleName: 'read', permission: 'read' };
  return repo.roles.get(user.login.toLowerCase()) ?? open;
}

const getPermission: Handler = (call) => {
  const repo = repositoryOf(call);
  const user = call.world.user(text(call.path, 'username') ?? '');
  const role = roleOf(repo, user);
  if (!role) throw notFound();
  const { permission, roleName } = role;
  const [admin, push] = [permission === 'admin', permission !== 'read'];
  const permissions = {
    admin,
    maintain: admin || roleName === 'maintain',
    push,
    triage: push || roleName === 'triage',
    pull: true,
  };
  return {
    status: 200,
    body: {
      permission,
      role_name: roleName,
      user: { ...viewUser(call.world, user), permissions, role_name: roleName },
    },
  };
};

async function commitNamed(repo: Repository, name: string): Promise<string> {
  const sha = await resolveCommit(repo.gitDir, name);
  if (sha === undefined) throw new Refusal(422, { message: `No commit found for SHA: ${name}` });
  return sha;
}

const getCommit: Handler = async (call) => {
  const repo = repositoryOf(call);
  const sha = await commitNamed(repo, text(call.path, 'ref') ?? '');
  const commit = await readCommit(repo.gitDir, sha);
  const parent = commit.parents[0] ?? EMPTY_TREE;
  return {
    status: 200,
    body: viewCommit(call.world, {
      repo,
      commit,
      files: await diffCommits(repo.gitDir, parent, sha),
    }),
  };
};

/** The tree of no files, which every git knows without storing it. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** `base...head`; a side may be `owner:branch`, meaning the fork of that owner. */
async function sideOf(call: Call, repo: Repository, name: string): Promise<string> {
  const [owner, branch] = name.includes(':') ? name.split(':', 2) : [undefined, name];
  const fork = [...call.world.repositories.values()].find(
    (one) => one.forkOf === repo && one.owner.login === owner,
  );
  const sha = await resolveCommit(
    (owner === undefined || owner === repo.owner.login ? repo : fork)?.gitDir ?? repo.gitDir,
    branch ?? '',
  );
  if (sha === undefined) throw notFound();
  return sha;
}

/** The compare API lists at most 250 commits and 300 files. */
const MAX_COMPARE_COMMITS = 250;
const MAX_COMPARE_FILES = 300;

const compare: Handler = async (call) => {
  const { world } = call;
  const repo = repositoryOf(call);
  const basehead = text(call.path, 'basehead') ?? '';
  const [baseName = '', headName = ''] = basehead.split('...');
  const [base, head] = await Promise.all([
    sideOf(call, repo, baseName),
    sideOf(call, repo, headName),
  ]);
  const fork = await mergeBase(repo.gitDir, base, head);
  if (fork === undefined)
    throw new Refusal(404, { message: `No common ancestor between ${baseName} and ${headName}.` });
  const [ahead, behind] = await Promise.all([
    listCommits(repo.gitDir, [head, `^${base}`], Number.POSITIVE_INFINITY),
    listCommits(repo.gitDir, [base, `^${head}`], Number.POSITIVE_INFINITY),
  ]);
  const files = await diffCommits(repo.gitDir, fork, head);
  const html = `${world.url}/${fullName(repo)}/compare/${basehead}`;
  return {
    status: 200,
    body: {
      url: `${repositoryUrl(world, repo)}/compare/${basehead}`,
      html_url: html,
      permalink_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: viewCommit(world, { repo, commit: await readCommit(repo.gitDir, base) }),
      merge_base_commit: viewCommit(world, { repo, commit: await readCommit(repo.gitDir, fork) }),
      status: compareStatus(ahead.length, behind.length),
      ahead_by: ahead.length,
      behind_by: behind.length,
      total_commits: ahead.length,
      commits: ahead
        .slice(0, MAX_COMPARE_COMMITS)
        .map((commit) => viewCommit(world, { repo, commit })),
      files: files
        .slice(0, MAX_COMPARE_FILES)
        .map((file) => viewFile(world, { repo, headSha: head }, file)),
    },
  };
};

function compareStatus(ahead: number, behind: number): string {
  if (ahead > 0 && behind > 0) return 'diverged';
  if (ahead > 0) return 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

const getBranch: Handler = async (call) => {
  const repo = repositoryOf(call);
  const name = text(call.path, 'branch') ?? '';
  const sha = await branchHead(repo.gitDir, name);
  if (sha === undefined) throw new Refusal(404, { message: 'Branch not found' });
  const self = `${repositoryUrl(call.world, repo)}/branches/${encodeURIComponent(name)}`;
  const html = `${call.world.url}/${fullName(repo)}/tree/${name}`;
  const commit = viewCommit(call.world, { repo, commit: await readCommit(repo.gitDir, sha) });
  const protection = { enabled: false };
  return {
    status: 200,
    body: {
      name,
      commit,
      _links: { self, html },
      protected: false,
      protection,
      protection_url: `${self}/protection`,
    },
  };
};

const LIMIT = { limit: 5000, remaining: 4999, reset: 2_000_000_000, used: 1 };

/** Repositories, people's permissions, commits and comparisons. */
export const repositoryHandlers = {
  'repos/get': (call) => ({ status: 200, body: viewRepository(call.world, repositoryOf(call)) }),
  'repos/get-branch': getBranch,
  'repos/get-collaborator-permission-level': getPermission,
  'repos/get-commit': getCommit,
  'repos/compare-commits-with-basehead': compare,
  'users/get-by-username': (call) => {
    const user = call.world.user(text(call.path, 'username') ?? '');
    return { status: 200, body: viewPublicUser(call.world, user) };
  },
  'rate-limit/get': ({ world }) => {
    // GHES has no limits unless its administrator sets some.
    if (world.ghes !== undefined)
      throw new Refusal(404, { message: 'Rate limiting is not enabled.' });
    const resources = { core: LIMIT, search: LIMIT, graphql: LIMIT };
    return { status: 200, body: { resources, rate: LIMIT } };
  },
} satisfies Record<string, Handler>;
