import {
  ownersPolicyFile,
  ownersRepository,
  repositoryPolicyFile,
} from '../domain/policy-files.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { PolicySources } from '../policy/fold-sources.ts';
import type { LayerSource } from '../policy/parsing/read-layer.ts';
import type { PullRequest } from '../ports/github.ts';
import type { PolicyFacts, PolicyFile } from '../ports/policy-facts.ts';
import type { CursorStore } from '../ports/store.ts';
import { hasOwnersLayer } from './owners-layer.ts';

/** A policy file that a pull request changes, on both of its sides; undefined: there is none. */
export interface EditedPolicy {
  readonly layer: 'organisation' | 'repository';
  readonly path: string;
  readonly before: PolicyFile | undefined;
  readonly after: PolicyFile | undefined;
}

/** The policy files that a pull request changes: as its own diff says, from where it left its base branch. */
export async function editedPolicies(
  facts: PolicyFacts,
  repository: RepositoryRef,
  pullRequest: Pick<PullRequest, 'headSha' | 'baseRef'>,
): Promise<readonly EditedPolicy[]> {
  const edited: EditedPolicy[] = [];
  for (const place of placesIn(repository)) {
    const after = await facts.file(repository, pullRequest.headSha, place.path);
    const now = await facts.file(repository, pullRequest.baseRef, place.path);
    // The two sides of almost every pull request: no more is asked.
    if (isSame(after, now)) continue;
    const sides = { base: pullRequest.baseRef, head: pullRequest.headSha };
    const left = await facts.mergeBase(repository, sides);
    const before = await facts.file(repository, left, place.path);
    if (!isSame(after, before)) edited.push({ ...place, before, after });
  }
  return edited;
}

function placesIn({ name }: RepositoryRef): readonly Pick<EditedPolicy, 'layer' | 'path'>[] {
  const own = { layer: 'repository', path: repositoryPolicyFile } as const;
  const ofAll = { layer: 'organisation', path: ownersPolicyFile } as const;
  return name === ownersRepository ? [ofAll, own] : [own];
}

function isSame(a: PolicyFile | undefined, b: PolicyFile | undefined): boolean {
  if (a?.kind === 'file' && b?.kind === 'file') {
    return Buffer.compare(a.content, b.content) === 0;
  }
  return a?.kind === b?.kind;
}

/** What the layers above are read with. */
export interface AboveParts {
  readonly facts: PolicyFacts;
  /** The operator's layer as it is in force. */
  readonly operator: LayerSource;
  /** Remembers which owners have a layer. */
  readonly cursors: CursorStore;
}

/** The layers above, as they are in force; or why the organisation's cannot be read. */
export async function layersAbove(
  { facts, operator, cursors }: AboveParts,
  { owner }: RepositoryRef,
  layer: EditedPolicy['layer'],
): Promise<PolicySources | { readonly unreadable: string }> {
  const found = layer === 'repository' ? await facts.find(owner, ownersRepository) : undefined;
  if (found === undefined) {
    const isLost = layer === 'repository' && (await hasOwnersLayer(cursors, owner));
    return isLost
      ? { unreadable: 'was read before and is out of the App’s reach now' }
      : [operator];
  }
  const file = await facts.file(found.repository, found.defaultBranch, ownersPolicyFile);
  if (file === undefined) return [operator];
  if (file.kind === 'unreadable') return { unreadable: file.reason };
  const organisation = { layer: 'organisation', file: ownersPolicyFile } as const;
  return [operator, { ...organisation, content: file.content }];
}
