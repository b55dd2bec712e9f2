import { z } from 'zod';

const amount = z.int().min(0);

/** What may be used of models. What is not said has no budget. */
const TaskBudget = z.strictObject({
  tokens: amount.describe('Model tokens, in and out.').optional(),
  costMicroUsd: amount.describe('Model cost in micro-US-dollars: 1000000 is a dollar.').optional(),
  requests: amount.describe('Requests of models that were let out.').optional(),
});

/** What may be used in one day, midnight to midnight UTC. What is not said has no budget. */
export const Budget = z.strictObject({
  tasks: amount.describe('Tasks started.').optional(),
  minutes: amount.describe('Minutes that sandboxes ran.').optional(),
  ...TaskBudget.shape,
});
export type Budget = z.infer<typeof Budget>;

/** Budgets by whose use they count. */
export const Budgets = z.strictObject({
  perTask: TaskBudget.describe(
    'For one task, in all its sandboxes. The limits of each model route hold besides.',
  ).optional(),
  perPullRequest: Budget.describe('For one pull request.').optional(),
  perRepository: Budget.describe('For one repository.').optional(),
  perOrganisation: Budget.describe('For all repositories of the organisation together.').optional(),
});
export type Budgets = z.infer<typeof Budgets>;

/** Whose use of a day is counted. */
export type SharedScope = Exclude<keyof Budgets, 'perTask'>;
