import { type CommitRecord, listCommits, readCommit } from './commits.ts';
import type { Scene, Sent } from './events.ts';
import type { JsonObject } from './json.ts';
import type { Repository } from './records.ts';
import { viewUser } from './views/account.ts';
import { fullName, type World } from './world.ts';

/** One movement of a branch. */
export interface BranchMove {
  readonly repo: Repository;
  readonly branch: string;
  readonly before: string | undefined;
  readonly after: string;
  readonly forced: boolean;
}

const NO_COMMIT = '0'.repeat(40);

/** `push`. */
export async function sendPush(
  scene: Scene,
  { repo, branch, before, after, forced }: BranchMove,
): Sent {
  const { world, webhooks, sender } = scene;
  const range = before === undefined ? ['--no-walk', after] : [after, `^${before}`];
  const commits = (await listCommits(repo.gitDir, range, 20)).map((commit) =>
    pushCommit(world, repo, commit),
  );
  const payload: JsonObject = {
    ref: `refs/heads/${branch}`,
    before: before ?? NO_COMMIT,
    after,
    created: before === undefined,
    deleted: false,
    forced,
    base_ref: null,
    compare: `${world.url}/${fullName(repo)}/compare/${before ?? after}...${after}`,
    commits,
    head_commit: pushCommit(world, repo, await readCommit(repo.gitDir, after)),
    pusher: { name: sender.login, email: `${sender.login}@users.noreply.github.com` },
    sender: viewUser(world, sender),
  };
  return webhooks.send({ event: 'push', repo, payload });
}

function pushCommit(world: World, repo: Repository, commit: CommitRecord): JsonObject {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${world.url}/${fullName(repo)}/commit/${commit.sha}`,
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
    added: [],
    removed: [],
    modified: [],
  };
}
