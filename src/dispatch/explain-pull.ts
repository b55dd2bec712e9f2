import { gateRequirements, judgeApprovals } from '../policy/decide/gate.ts';
import type { Person } from '../policy/decide/person.ts';
import { planPullRequest } from '../policy/decide/plan-task.ts';
import type { EffectivePolicy, EffectiveTask } from '../policy/effective-policy.ts';
import { type OwnersOfPaths, ownerGroups } from '../policy/owners-of-paths.ts';
import type { PolicyPull } from '../ports/policy-facts.ts';
import type { SimulatedAct, Simulation } from '../report/policy/simulation.ts';
import { useNothing } from './simulation-facts.ts';

/** A pull request as it stands now. */
export interface PullAtHand {
  readonly pull: PolicyPull;
  readonly author: Person;
  /** Owners of the paths by the base branch's CODEOWNERS, if a task asks for them; null when it could not be read. */
  readonly owners: OwnersOfPaths | null;
  readonly nowMs: number;
}

/** What a push to this pull request would start, and what a patch to its files would take. Pure. */
export function explainPull(policy: EffectivePolicy, at: PullAtHand): Simulation {
  const { pull, author, nowMs } = at;
  const { number, state, isDraft, isFork, baseBranch, labels, paths } = pull;
  const stands = [state, isDraft ? 'draft' : [], isFork ? 'from a fork' : []].flat().join(', ');
  const pullRequest = { event: 'synchronize', baseBranch, labels, isDraft, paths } as const;
  const plans = planPullRequest(policy, {
    pullRequest: { ...pullRequest, atMs: nowMs },
    isFork,
    author,
    pusher: author,
    ...useNothing(nowMs),
  });
  return {
    reason: `Pull request ${number} by ${author.login} into ${baseBranch}: ${stands}.`,
    acts: [{ act: 'a push', reason: 'Each task is asked.', plans }, ...patchActs(policy, at)],
  };
}

const unread = 'Owners have to approve, and CODEOWNERS could not be read: no patch would pass.';

/** For every task that may write: may it touch the changed files, and whose approval would that take? */
function patchActs(
  policy: EffectivePolicy,
  { pull, owners, nowMs }: PullAtHand,
): readonly SimulatedAct[] {
  const paths = pull.paths ?? [];
  const groups = owners === null ? [] : ownerGroups(owners);
  const patch = { files: paths.map((path) => ({ path, bytes: 0 })), ownerGroups: groups };
  const open = (task: EffectiveTask): string => {
    const { reason } = judgeApprovals(task, patch, { approvals: [], nowMs });
    return `It may touch each of the changed files. Before an approval: ${reason}`;
  };
  return Object.entries(policy.tasks).flatMap(([name, task]) => {
    if (!task.enabled || task.outputs.patch === 'none') return [];
    const { refused } = gateRequirements(task, patch);
    const isUnread = task.approvals.codeOwners && owners === null;
    const reason = refused.length > 0 ? refused.join(' ') : isUnread ? unread : open(task);
    return [{ act: `a patch of ${name}`, reason, plans: [] }];
  });
}
