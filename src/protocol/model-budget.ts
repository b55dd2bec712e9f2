import { z } from 'zod';

/** Where the agent finds it, in `/task`; absent: nobody told of one. */
export const budgetName = 'budget.json';

const left = z.int().nonnegative().nullable();

/** What a task may use of models when it begins; null: without a ceiling. */
export const ModelBudget = z.strictObject({ tokens: left, costMicroUsd: left, requests: left });
export type ModelBudget = z.infer<typeof ModelBudget>;
