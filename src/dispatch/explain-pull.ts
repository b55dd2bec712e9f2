import { gateRequirements } from '../policy/decide/gate.ts';
import type { Person } from '../policy/decide/person.ts';
import { planPullRequest } from '../policy/decide/plan-task.ts';
import type { EffectivePolicy } from '../policy/effective-policy.ts';
import type { PolicyPull } from '../ports/policy-facts.ts';
import type { SimulatedAct, Simulation } from '../report/policy/simulation.ts';
import { useNothing } from './simulation-facts.ts';

/** A pull request as it stands now. */
export interface PullAtHand {
  readonly pull: PolicyPull;
  readonly author: Person;
  readonly nowMs: number;
}

/** What a push to this pull request would start, and which of its files patches may not touch. Pure. */
export function explainPull(policy: EffectivePolicy, at: PullAtHand): Simulation {
  const { pull, author, nowMs } = at;
  const { number, state, isDraft, isFork, baseBranch, labels, paths } = pull;
  const stands = [state, isDraft ? 'draft' : [], isFork ? 'from a fork' : []].flat().join(', ');
  const pullRequest = { event: 'synchronize', baseBranch, labels, isDraft, paths } as const;
  const plans = planPullRequest(policy, {
    pullRequest: { ...pullRequest, atMs: nowMs },
    isFork,
    author,
    ...useNothing(nowMs),
  });
  return {
    reason: `Pull request ${number} by ${author.login} into ${baseBranch}: ${stands}.`,
    acts: [
      { act: 'a push', reason: 'Each task is asked.', plans },
      ...patchActs(policy, paths ?? []),
    ],
  };
}

/** For every task that may write: what of the changed files it may not write to. */
function patchActs(policy: EffectivePolicy, paths: readonly string[]): readonly SimulatedAct[] {
  const files = paths.map((path) => ({ path, bytes: 0 }));
  return Object.entries(policy.tasks).flatMap(([name, task]) => {
    if (!task.enabled || task.outputs.patch === 'none') return [];
    const { refused } = gateRequirements(task, { files, ownerGroups: [] });
    const reason =
      refused.length === 0 ? 'It may touch each of the changed files.' : refused.join(' ');
    return [{ act: `a patch of ${name}`, reason, plans: [] }];
  });
}
