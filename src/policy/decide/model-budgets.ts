import type { Budget, Budgets } from '../document/budgets.ts';
import type { EffectivePolicy } from '../effective-policy.ts';
import { findRules } from '../rules-of.ts';

/** What models use and what counts at once, while the task runs. */
export const modelAmounts = ['tokens', 'costMicroUsd', 'requests'] as const;
/** One of them. */
export type ModelAmount = (typeof modelAmounts)[number];

/** One ceiling of what models use, of the task or of a day. */
export interface ModelBudgetRule {
  /** As `budget:perRepository.tokens`, or `budget:tasks.fix.perRepository.tokens` for the task's own. */
  readonly name: `budget:${string}`;
  readonly scope: keyof Budgets;
  /** Does it count the tasks of this name alone? */
  readonly isOfTask: boolean;
  readonly amount: ModelAmount;
  readonly ceiling: number;
}

const scopes = ['perTask', 'perPullRequest', 'perRepository', 'perOrganisation'] as const;

/** The ceilings that hold for a task of this name while it runs: the policy's, then those of its own that are lower. */
export function modelBudgetsOf(policy: EffectivePolicy, name: string): readonly ModelBudgetRule[] {
  const all = rulesIn(policy.budgets, { prefix: '', isOfTask: false });
  const budgets = findRules(policy, name)?.budgets ?? {};
  const own = rulesIn(budgets, { prefix: `tasks.${name}.`, isOfTask: true });
  // Its tasks use no more than all tasks do: a ceiling that is no lower is never reached first.
  const isLower = ({ scope, amount, ceiling }: ModelBudgetRule): boolean =>
    ceiling < (policy.budgets[scope]?.[amount] ?? Infinity);
  return [...all, ...own.filter(isLower)];
}

function rulesIn(
  budgets: Budgets,
  { prefix, isOfTask }: { readonly prefix: string; readonly isOfTask: boolean },
): ModelBudgetRule[] {
  return scopes.flatMap((scope) =>
    amountsIn(budgets[scope] ?? {}).map(
      ([amount, ceiling]): ModelBudgetRule => ({
        name: `budget:${prefix}${scope}.${amount}`,
        scope,
        isOfTask,
        amount,
        ceiling,
      }),
    ),
  );
}

function amountsIn(budget: Budget): readonly (readonly [ModelAmount, number])[] {
  return modelAmounts.flatMap((amount) => {
    const ceiling = budget[amount];
    return ceiling === undefined ? [] : [[amount, ceiling] as const];
  });
}
