import { z } from 'zod';
import { TaskId } from './ids.ts';

const amount = z.int().nonnegative();

/** What one attempt of a task used. While it runs: what it may use at most, so that nothing runs on credit. */
export const UsageRow = z.strictObject({
  taskId: TaskId,
  attempt: z.int().min(1),
  /** The task whose budgets it counts in. */
  taskName: z.string().min(1),
  installationId: amount,
  repositoryId: amount,
  pullRequest: z.int().positive(),
  /** When it began, epoch ms. */
  atMs: amount,
  ms: amount,
  tokens: amount,
  costMicroUsd: amount,
  /** Of models, let out. */
  requests: amount,
});
export type UsageRow = z.infer<typeof UsageRow>;

/** Sums over attempts; tasks are counted once, however many attempts they had. */
export const UsedAmounts = z.strictObject({
  tasks: amount,
  ms: amount,
  tokens: amount,
  costMicroUsd: amount,
  /** Of models, let out. */
  requests: amount,
});
export type UsedAmounts = z.infer<typeof UsedAmounts>;
