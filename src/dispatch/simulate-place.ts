import type { Trigger } from '../domain/trigger.ts';
import type { Simulation } from '../report/policy/simulation.ts';

/** Triggers about a commit, a repository or an installation, and not one pull request. */
export type PlaceTrigger = Extract<
  Trigger,
  {
    type:
      | 'suite-requested'
      | 'suite-rerequested'
      | 'issue-opened'
      | 'merge-group'
      | 'repository-moved'
      | 'access-lost'
      | 'access-returned';
  }
>;

/** What would be done with it. Which tasks that meets only the record knows. */
export function simulatePlace(trigger: PlaceTrigger): Simulation {
  return {
    reason: 'The delivery is taken.',
    acts: [{ act: trigger.type, reason: reasonOf(trigger), plans: [] }],
  };
}

function reasonOf(trigger: PlaceTrigger): string {
  switch (trigger.type) {
    case 'suite-requested':
      return 'Open pull requests that have this head and lack a check are planned, if `pull_request` did not.';
    case 'suite-rerequested':
      return 'Each task of this commit that the record knows is asked for again.';
    case 'issue-opened':
      return 'Each task of triage that the policy starts on a new issue is started, unless a bot opened it.';
    case 'merge-group':
      return trigger.pullRequest === null
        ? 'Its check fails: the branch of the group names no pull request.'
        : `Its check gets what that of #${trigger.pullRequest} says; anything but a pass fails.`;
    case 'repository-moved':
      return 'What runs there goes on under the new name.';
    case 'access-lost':
      return `Tasks there that still live are ended: ${trigger.reason}.`;
    default:
      return 'What GitHub refused to take meanwhile is written.';
  }
}
