import { canonicalJson } from '../domain/canonical-json.ts';
import type { Digest } from '../domain/ids.ts';
import type { JsonValue } from '../domain/ledger-entry.ts';
import type { Task } from '../domain/task.ts';
import { SallyportError } from '../errors.ts';
import { EffectivePolicy, type EffectiveTask } from '../policy/effective-policy.ts';
import type { Policies } from '../policy/policies.ts';
import { rulesOf } from '../policy/rules-of.ts';
import type { ArtifactStore } from '../ports/store.ts';

/** Keeps an effective policy. The artifact has the policy's own digest: both are over the canonical JSON. */
export async function keepPolicy(
  artifacts: ArtifactStore,
  policy: EffectivePolicy,
): Promise<Digest> {
  return artifacts.put(Buffer.from(canonicalJson(policy as unknown as JsonValue)));
}

/** An effective policy that was kept. @throws SallyportError `store.corrupt` */
export async function readPolicy(
  artifacts: ArtifactStore,
  digest: Digest,
): Promise<EffectivePolicy> {
  const bytes = await artifacts.get(digest);
  const parsed = EffectivePolicy.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new SallyportError('store.corrupt', `policy ${digest} does not fit its schema`);
}

/** The rules that a task was planned with. @throws SallyportError `store.corrupt`, `policy.invalid` */
export async function rulesOfTask(
  { policies }: { readonly policies: Policies },
  task: Pick<Task, 'name' | 'policyDigest'>,
): Promise<EffectiveTask> {
  return rulesOf(await policies.byDigest(task.policyDigest), task.name);
}
