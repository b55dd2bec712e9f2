import type { JsonObject } from '../json.ts';
import type { Issue, Label, Repository } from '../records.ts';
import type { World } from '../world.ts';
import { nodeId } from './account.ts';
import { repositoryUrl } from './repository.ts';

/** `label`. */
export function viewLabel(world: World, repo: Repository, label: Label): JsonObject {
  return {
    id: label.id,
    node_id: nodeId('LA', label.id),
    url: `${repositoryUrl(world, repo)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: null,
  };
}

/** Those of an issue or pull request. */
export function viewLabels(world: World, { repo, labels }: Issue): JsonObject[] {
  return [...labels].map((label) => viewLabel(world, repo, label));
}
