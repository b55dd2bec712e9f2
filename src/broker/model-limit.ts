import type { ModelBudget } from '../protocol/model-budget.ts';
import type { ModelLimit } from '../protocol/usage.ts';

/** What was used of models. */
export interface ModelSum {
  readonly tokens: number;
  readonly costMicroUsd: number;
  readonly requests: number;
}

/** What a request uses, or will. */
export type ModelUse = Omit<ModelSum, 'requests'>;

/** What a task may use of models besides the ceilings of its routes, as it is known now. */
export interface ModelAllowance {
  /** Null: without a ceiling. */
  left(): ModelBudget;
  /** The ceiling that has no room for one more request beside what is under way; undefined while there is room. */
  full(underWay?: ModelUse): ModelLimit | undefined;
  /** The ceiling that has been passed, in the middle of an answer; undefined while none has. */
  passed(): ModelLimit | undefined;
  /** Told of each charge at once; negative where an estimate was too high. */
  used(more: ModelSum): void;
}

/** For a task that shares no budget with others. */
export const unshared: ModelAllowance = {
  left: () => ({ tokens: null, costMicroUsd: null, requests: null }),
  full: () => undefined,
  passed: () => undefined,
  used: () => undefined,
};

/** Is it a ceiling of models, and no other reason of the broker's? */
export function isModelLimit(reason: string): reason is ModelLimit {
  return reason.startsWith('limit:model-') || reason.startsWith('budget:');
}
