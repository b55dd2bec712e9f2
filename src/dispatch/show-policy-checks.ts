import { type CommitSha, type DeliveryId, type Digest, digestOf } from '../domain/ids.ts';
import type { RepositoryRef } from '../domain/repository.ts';
import { foldSources } from '../policy/fold-sources.ts';
import type { LayerSource } from '../policy/parsing/read-layer.ts';
import type { CheckRuns } from '../ports/check-runs.ts';
import type { PullRequest, PullRequests } from '../ports/github.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { PolicyFile } from '../ports/policy-facts.ts';
import type { CheckView } from '../report/plan-state.ts';
import { type PolicyEdit, planPolicyCheck, planUnreadablePolicy } from '../report/policy/check.ts';
import {
  type AboveParts,
  type EditedPolicy,
  editedPolicies,
  layersAbove,
} from './edited-policies.ts';
import { policyCheckId } from './policy-check-id.ts';

/** What the check of a policy works with. */
export interface PolicyCheckDeps extends AboveParts {
  readonly checkRuns: CheckRuns;
  readonly pullRequests: Pick<PullRequests, 'get'>;
  readonly ledger: Ledger;
}

/** The check's name where the operator's layer cannot be read, and so cannot say it. */
const plainName = 'sallyport';

/** A pull request whose policies are checked, and what asks for it. */
export interface PolicyOccasion {
  readonly repository: RepositoryRef;
  readonly number: number;
  readonly deliveryId: DeliveryId;
}

/**
 * Shows a check run for each policy that an open pull request edits; others have none. Nothing of the pull
 * request runs and nothing of its policy takes effect. Safe to run again: the same sides and layers above make
 * the same check run.
 * @returns the check runs that show how it stands
 * @throws SallyportError `github.…`, `store.unavailable`
 */
export async function showPolicyChecks(
  deps: PolicyCheckDeps,
  occasion: PolicyOccasion,
): Promise<readonly number[]> {
  const { repository, number } = occasion;
  // What the payload says may be hours old by now; GitHub itself is asked.
  const pullRequest = await deps.pullRequests.get(repository, number);
  if (pullRequest.state === 'closed') return [];
  const edited = await editedPolicies(deps.facts, repository, pullRequest);
  const shown: number[] = [];
  for (const policy of edited) shown.push(await show(deps, occasion, { pullRequest, policy }));
  return shown;
}

async function show(
  deps: PolicyCheckDeps,
  { repository, deliveryId, number }: PolicyOccasion,
  { pullRequest, policy }: { readonly pullRequest: PullRequest; readonly policy: EditedPolicy },
): Promise<number> {
  const above = await layersAbove(deps, repository, policy.layer);
  const view = viewOf(policy, above);
  const { headSha } = pullRequest;
  const checkRunId = await ensureRun(deps, { repository, number, headSha, policy, above, view });
  const { state, output, annotations } = view;
  await deps.checkRuns.update(repository, checkRunId, { state, output, annotations });
  const { repositoryId } = repository;
  const what = { deliveryId, repositoryId, pullRequest: number, headSha, path: policy.path };
  const conclusion = state.status === 'completed' ? state.conclusion : state.status;
  const data = { ...what, checkRunId, conclusion };
  await deps.ledger.append({ type: 'policy.checked', taskId: null, data });
  return checkRunId;
}

type Above = PolicyEdit['above'] | { readonly unreadable: string };

function viewOf({ layer, path, before, after }: EditedPolicy, above: Above): CheckView {
  if ('unreadable' in above) {
    return planUnreadablePolicy({ layer, path }, `stands below a policy that ${above.unreadable}`);
  }
  if (after?.kind === 'unreadable') return planUnreadablePolicy({ layer, path }, after.reason);
  // A base that is no file is one that cannot be read: no YAML either.
  const was = before?.kind === 'unreadable' ? '%' : (before?.content ?? null);
  return planPolicyCheck({ layer, path, before: was, after: after?.content ?? null, above });
}

async function ensureRun(
  deps: PolicyCheckDeps,
  it: {
    readonly repository: RepositoryRef;
    readonly number: number;
    readonly headSha: CommitSha;
    readonly policy: EditedPolicy;
    readonly above: Above;
    readonly view: CheckView;
  },
): Promise<number> {
  const { repository, number, headSha, policy, above, view } = it;
  const externalId = policyCheckId(number, whatIsChecked(policy, above));
  const found = await deps.checkRuns.find(repository, headSha, externalId);
  if (found !== undefined) return found;
  const name = `${nameOf(deps.operator)} / ${policy.layer === 'repository' ? '' : 'organisation '}policy`;
  const run = { name, headSha, externalId, output: view.output };
  return deps.checkRuns.create(repository, { ...run, state: { status: 'in_progress' } });
}

function nameOf(operator: LayerSource): string {
  const folding = foldSources([operator]);
  return folding.ok ? folding.folded.policy.check.name : plainName;
}

/** By what the check is made from: other sides, or other layers above, are another check. */
function whatIsChecked({ path, before, after }: EditedPolicy, above: Above): Digest {
  const side = (file: PolicyFile | undefined): string =>
    file?.kind === 'file' ? digestOf(file.content) : (file?.reason ?? '');
  const upper =
    'unreadable' in above ? [above.unreadable] : above.map(({ content }) => digestOf(content));
  return digestOf(JSON.stringify([path, side(before), side(after), upper]));
}
