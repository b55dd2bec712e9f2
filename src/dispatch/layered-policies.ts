import type { Digest } from '../domain/ids.ts';
import {
  ownersPolicyFile,
  ownersRepository,
  repositoryPolicyFile,
} from '../domain/policy-files.ts';
import type { EffectivePolicy } from '../policy/effective-policy.ts';
import type { LayerName } from '../policy/fault.ts';
import { foldLayers } from '../policy/layering/fold-layers.ts';
import type { OperatorLayer } from '../policy/operator-layer.ts';
import { type LayerReading, readLayer } from '../policy/parsing/read-layer.ts';
import type { LoadedPolicy, Policies, PolicyReading } from '../policy/policies.ts';
import type { RepositoryFile } from '../ports/files.ts';
import type { ArtifactStore } from '../ports/store.ts';
import { type OwnersLayerParts, readOwnersLayer } from './owners-layer.ts';
import { readPolicy } from './policy-record.ts';

/** What policies are put together from. */
export interface PolicyParts extends OwnersLayerParts {
  readonly operator: OperatorLayer;
  readonly artifacts: ArtifactStore;
}

/** Readings that are kept. Each is of a few files and has to be made again when one of them changes. */
const maxKept = 500;

/**
 * Policies of three layers. GitHub is asked for the two lower ones each time, so that a change holds at once;
 * what the same blobs came to is not worked out again.
 */
export class LayeredPolicies implements Policies {
  readonly operator: LoadedPolicy;
  readonly #parts: PolicyParts;
  readonly #kept = new Map<string, PolicyReading>();

  constructor(parts: PolicyParts) {
    this.operator = parts.operator.loaded;
    this.#parts = parts;
  }

  async inForce({ repository, baseRef }: Parameters<Policies['inForce']>[0]) {
    const { files } = this.#parts.github;
    const [above, own] = await Promise.all([
      readOwnersLayer(this.#parts, repository),
      files.onBranch(repository, baseRef, repositoryPolicyFile),
    ]);
    if (!above.ok) return above;
    const { file: owners } = above;
    if (owners === undefined && own === undefined) {
      return { ok: true, loaded: this.operator } as const;
    }
    const key = JSON.stringify([repository.owner, identityOf(owners), identityOf(own)]);
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const reading = this.#fold([
      ['organisation', `${repository.owner}/${ownersRepository}:${ownersPolicyFile}`, owners],
      ['repository', repositoryPolicyFile, own],
    ]);
    this.#keep(key, reading);
    return reading;
  }

  async byDigest(digest: Digest): Promise<EffectivePolicy> {
    if (digest === this.operator.digest) return this.operator.policy;
    return readPolicy(this.#parts.artifacts, digest);
  }

  #fold(layers: readonly Fetched[]): PolicyReading {
    const readings = layers.flatMap(([layer, file, found]) =>
      found === undefined ? [] : [readFetched(layer, file, found)],
    );
    const faults = readings.flatMap((reading) => (reading.ok ? [] : reading.faults));
    if (faults.length > 0) return { ok: false, faults };
    const documents = readings.flatMap((reading) => (reading.ok ? [reading.document] : []));
    const folding = foldLayers(this.#parts.operator.document, documents);
    if (!folding.ok) return folding;
    const { policy, digest } = folding.folded;
    return { ok: true, loaded: { policy, digest } };
  }

  #keep(key: string, reading: PolicyReading): void {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= maxKept && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(key, reading);
  }
}

/** What was read of a file. A link's blob has the text that it points to, and could be taken for a policy. */
function identityOf(file: RepositoryFile | undefined): readonly [string, boolean] | null {
  return file === undefined ? null : [file.blobSha, file.content !== null];
}

type Fetched = readonly [layer: LayerName, file: string, found: RepositoryFile | undefined];

function readFetched(layer: LayerName, file: string, { content }: RepositoryFile): LayerReading {
  if (content !== null) return readLayer({ layer, file, content });
  const message = 'is no file that can be read';
  const at = { layer, file, line: 1, column: 1 };
  return { ok: false, faults: [{ code: 'text', path: '', message, at }] };
}
