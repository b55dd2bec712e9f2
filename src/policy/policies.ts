import type { Digest } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import type { EffectivePolicy } from './effective-policy.ts';
import type { PolicyFault } from './fault.ts';

/** An effective policy and its digest, to which tasks and approvals are bound. */
export interface LoadedPolicy {
  readonly policy: EffectivePolicy;
  readonly digest: Digest;
}

/** What all layers of a repository come to, or all that is wrong with them. */
export type PolicyReading =
  | { readonly ok: true; readonly loaded: LoadedPolicy }
  | { readonly ok: false; readonly faults: readonly PolicyFault[] };

/** The policies in force, by the place that they are for. */
export interface Policies {
  /** What the operator's layer says alone. No policy of a repository is wider in any value. */
  readonly operator: LoadedPolicy;
  /**
   * What holds now for pull requests into this branch of the repository: the layers as they stand there, and
   * nothing of any head. A layer that is wrong gives faults and never the policy without it.
   */
  inForce(place: {
    readonly repository: RepositoryRef;
    readonly baseRef: string;
  }): Promise<PolicyReading>;
  /** The policy that was in force under this digest. @throws SallyportError `store.corrupt` */
  byDigest(digest: Digest): Promise<EffectivePolicy>;
}
