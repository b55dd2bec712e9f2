import type { Digest } from '../domain/ids.ts';
import type { EffectivePolicy } from '../policy/effective-policy.ts';
import type { OperatorLayer } from '../policy/operator-layer.ts';
import type { LoadedPolicy, Policies, PolicyReading } from '../policy/policies.ts';
import type { ArtifactStore } from '../ports/store.ts';
import { readPolicy } from './policy-record.ts';

/** What policies are put together from. */
export interface PolicyParts {
  readonly operator: OperatorLayer;
  readonly artifacts: ArtifactStore;
}

/** The operator's policy for every repository. */
export class LayeredPolicies implements Policies {
  readonly operator: LoadedPolicy;
  readonly #parts: PolicyParts;

  constructor(parts: PolicyParts) {
    this.operator = parts.operator.loaded;
    this.#parts = parts;
  }

  async inForce(): Promise<PolicyReading> {
    return { ok: true, loaded: this.operator };
  }

  async byDigest(digest: Digest): Promise<EffectivePolicy> {
    if (digest === this.operator.digest) return this.operator.policy;
    return readPolicy(this.#parts.artifacts, digest);
  }
}
