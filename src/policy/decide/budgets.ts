import type { Budget, Budgets, SharedScope } from '../document/budgets.ts';
import type { EffectivePolicy } from '../effective-policy.ts';
import { findRules } from '../rules-of.ts';

type Amount = keyof Budget;

/** What was used since midnight UTC, by scope. Null, or a number that is none: could not be read. */
export type Used = Readonly<Record<SharedScope, Readonly<Record<Amount, number>> | null>>;

/** May one more task start within the budgets? If not: which budget, and until when, epoch ms. */
export type Admission =
  | { readonly outcome: 'go' }
  | {
      readonly outcome: 'wait';
      /** As `budgets.perRepository.tokens`, or `tasks.fix.budgets.…` for the task's own. */
      readonly budget: string;
      readonly reason: string;
      readonly untilMs: number;
    };

const scopes = ['perPullRequest', 'perRepository', 'perOrganisation'] as const;
const amounts = ['tasks', 'minutes', 'tokens', 'costMicroUsd', 'requests'] as const;
const dayMs = 86_400_000;
const names: Readonly<Record<SharedScope, string>> = {
  perPullRequest: 'this pull request',
  perRepository: 'this repository',
  perOrganisation: 'the organisation',
};

/**
 * May one more task of this name start? `used` counts all tasks, `usedByTask` those that share the budgets
 * of this one (`budgetNameOf`).
 * A budget whose use could not be read admits nothing.
 */
export function admitByBudget(
  policy: EffectivePolicy,
  name: string,
  facts: { readonly used: Used; readonly usedByTask: Used; readonly nowMs: number },
): Admission {
  const own = findRules(policy, name)?.budgets;
  return (
    spent(policy.budgets, facts.used, { prefix: 'budgets', nowMs: facts.nowMs }) ??
    spent(own ?? {}, facts.usedByTask, { prefix: `tasks.${name}.budgets`, nowMs: facts.nowMs }) ?? {
      outcome: 'go',
    }
  );
}

function spent(
  budgets: Budgets,
  used: Used,
  { prefix, nowMs }: { readonly prefix: string; readonly nowMs: number },
): Admission | undefined {
  for (const scope of scopes) {
    for (const amount of amounts) {
      const ceiling = budgets[scope]?.[amount];
      const so = used[scope]?.[amount];
      // A comparison with a number that is none is false, and waits.
      if (ceiling === undefined || fits(amount, so ?? Number.NaN, ceiling)) continue;
      const budget = `${prefix}.${scope}.${amount}`;
      return {
        outcome: 'wait',
        budget,
        reason: reasonOf({ scope, amount, so, ceiling }),
        untilMs: nextDay(nowMs),
      };
    }
  }
  return undefined;
}

/** One more task has to fit; of the others something has to be left. */
function fits(amount: Amount, used: number, ceiling: number): boolean {
  return amount === 'tasks' ? used + 1 <= ceiling : used < ceiling;
}

function reasonOf(it: {
  scope: SharedScope;
  amount: Amount;
  so: number | undefined;
  ceiling: number;
}): string {
  const whose = names[it.scope];
  return Number.isFinite(it.so)
    ? `The budget of ${whose} for today (UTC) is used: ${it.so} of ${it.ceiling} ${it.amount}.`
    : `What ${whose} used today could not be read, and its ${it.amount} have a budget.`;
}

/** The next midnight UTC. */
function nextDay(nowMs: number): number {
  return (Math.floor(nowMs / dayMs) + 1) * dayMs;
}
