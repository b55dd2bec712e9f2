import type { Used } from '../policy/decide/budgets.ts';
import type { Person } from '../policy/decide/person.ts';
import type { PullRequestOccasion, UseFacts } from '../policy/decide/plan-task.ts';
import type { EffectivePolicy } from '../policy/effective-policy.ts';

/** What a simulation knows besides the trigger. */
export interface SimulationFacts {
  readonly policy: EffectivePolicy;
  readonly sender: Person;
  /** How the pull request stands; null where the payload does not say. */
  readonly pullRequest:
    | (Pick<PullRequestOccasion, 'isFork' | 'author'> &
        Pick<PullRequestOccasion['pullRequest'], 'baseBranch' | 'labels' | 'isDraft' | 'paths'>)
    | null;
  readonly atMs: number;
}

const unused = { tasks: 0, minutes: 0, tokens: 0, costMicroUsd: 0, requests: 0 };
const nothing: Used = { perPullRequest: unused, perRepository: unused, perOrganisation: unused };

/** Use as on a day on which nothing has run: what is left of a budget is nothing that a payload knows. */
export function useNothing(nowMs: number): UseFacts {
  return { used: nothing, usedByTask: () => nothing, nowMs };
}
