import { readCommit } from './commits.ts';
import type { Scene, Sent } from './events.ts';
import type { JsonObject } from './json.ts';
import type { Installation, Repository, User } from './records.ts';
import { nodeId, viewInstallation, viewUser } from './views/account.ts';
import { viewSimpleCommit } from './views/check.ts';
import { fullName, type World } from './world.ts';

/** The short form of a repository in lists of installations. */
export function viewListedRepository(repo: Repository): JsonObject {
  return {
    id: repo.id,
    node_id: nodeId('R', repo.id),
    name: repo.name,
    full_name: fullName(repo),
    private: repo.isPrivate,
  };
}

/** `repository.renamed`, `repository.transferred`, `repository.deleted`. */
export function sendRepository(scene: Scene, repo: Repository, act: JsonObject): Sent {
  const { action, ...extra } = act as JsonObject & { action: string };
  const payload = { ...extra, sender: viewUser(scene.world, scene.sender) };
  return scene.webhooks.send({ event: 'repository', action, repo, payload });
}

/** Who had the repository before a transfer. */
export function viewFormerOwner(world: World, owner: User): JsonObject {
  return { owner: { from: { user: viewUser(world, owner) } } };
}

/** `installation.suspend`, `installation.unsuspend`, `installation.deleted`. */
export function sendInstallation(scene: Scene, installation: Installation, action: string): Sent {
  const { world, webhooks, sender } = scene;
  const payload = {
    installation: viewInstallation(world, installation),
    repositories: [...installation.repositories].map(viewListedRepository),
    sender: viewUser(world, sender),
  };
  return webhooks.send({ event: 'installation', action, payload });
}

/** `installation_repositories.added` and `installation_repositories.removed`. */
export function sendInstallationRepositories(
  scene: Scene,
  installation: Installation,
  change: { readonly added: readonly Repository[]; readonly removed: readonly Repository[] },
): Sent {
  const { world, webhooks, sender } = scene;
  const action = change.added.length > 0 ? 'added' : 'removed';
  const payload = {
    installation: viewInstallation(world, installation),
    repository_selection: 'selected',
    repositories_added: change.added.map(viewListedRepository),
    repositories_removed: change.removed.map(viewListedRepository),
    requester: null,
    sender: viewUser(world, sender),
  };
  return webhooks.send({ event: 'installation_repositories', action, payload });
}

/** A commit that a merge queue wants to merge. */
export interface MergeGroup {
  readonly repo: Repository;
  readonly headSha: string;
  readonly headRef: string;
  readonly baseSha: string;
  readonly baseRef: string;
}

/** `merge_group.checks_requested` and `merge_group.destroyed`. */
export async function sendMergeGroup(scene: Scene, group: MergeGroup, act: JsonObject): Sent {
  const { action, ...extra } = act as JsonObject & { action: string };
  const commit = await readCommit(group.repo.gitDir, group.headSha);
  const payload = {
    ...extra,
    merge_group: {
      head_sha: group.headSha,
      head_ref: `refs/heads/${group.headRef}`,
      base_sha: group.baseSha,
      base_ref: `refs/heads/${group.baseRef}`,
      head_commit: viewSimpleCommit(commit),
    },
    sender: viewUser(scene.world, scene.sender),
  };
  return scene.webhooks.send({ event: 'merge_group', action, repo: group.repo, payload });
}
