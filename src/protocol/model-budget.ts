import { z } from 'zod';

const left = z.int().nonnegative().nullable();

/** What a task may use of models when it begins; null: without a ceiling. */
export const ModelBudget = z.strictObject({ tokens: left, costMicroUsd: left, requests: left });
export type ModelBudget = z.infer<typeof ModelBudget>;
