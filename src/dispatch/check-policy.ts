import type { Trigger } from '../domain/trigger.ts';
import type { OwnCheckRun } from '../ports/check-runs.ts';
import { planUnrun } from '../report/plan-unrun.ts';
import { pullRequestOfPolicy } from './policy-check-id.ts';
import { type PolicyCheckDeps, showPolicyChecks } from './show-policy-checks.ts';

type Rerequested = Extract<Trigger, { type: 'check-rerequested' | 'suite-rerequested' }>;

/**
 * Checks the policies that a pull request edits: on its events, and when somebody asks for the check again.
 * @throws SallyportError `github.…`, `store.unavailable`
 */
export async function checkPolicy(deps: PolicyCheckDeps, trigger: Trigger): Promise<void> {
  switch (trigger.type) {
    case 'pull-request':
      if (trigger.action !== 'closed') await showPolicyChecks(deps, trigger);
      return;
    case 'check-rerequested':
      return checkAgain(deps, trigger, { id: trigger.checkRunId, externalId: trigger.externalId });
    case 'suite-rerequested':
      for (const run of await deps.checkRuns.list(trigger.repository, trigger.headSha))
        await checkAgain(deps, trigger, run);
      return;
    default:
      return;
  }
}

/** GitHub has cleared the conclusion of the suite by then: one that shows nothing of today is concluded too. */
async function checkAgain(
  deps: PolicyCheckDeps,
  { repository, deliveryId }: Rerequested,
  { id, externalId }: Pick<OwnCheckRun, 'id' | 'externalId'>,
): Promise<void> {
  const number = pullRequestOfPolicy(externalId);
  if (number === undefined) return;
  const shown = await showPolicyChecks(deps, { repository, number, deliveryId });
  if (!shown.includes(id)) await deps.checkRuns.update(repository, id, overtaken);
}

/** Not a pass: what it was about may be on another head by now, or below other layers. */
const { state, output } = planUnrun({
  title: 'Not checked again',
  reason:
    'What this check was about is no more: the pull request is closed, has a newer commit, changes the policy no more, or the layers above are others. If there is something to check, a newer check says how it stands.',
  conclusion: 'cancelled',
});
const overtaken = { state, output };
