import { describe, expect, it } from 'vitest';
import { taskIdFor } from '../../../src/domain/ids.ts';
import { UsageRow, UsedAmounts } from '../../../src/domain/usage.ts';

const row = {
  taskId: taskIdFor('used', 'review'),
  attempt: 1,
  taskName: 'review',
  installationId: 7,
  repositoryId: 11,
  pullRequest: 5,
  atMs: 1,
  ms: 2,
  tokens: 3,
  costMicroUsd: 4,
  requests: 5,
};

describe('what an attempt used', () => {
  it('is whole numbers, none below zero', () => {
    expect(UsageRow.safeParse(row).success).toBe(true);
    for (const ms of [-1, 0.5, Number.NaN, '1']) {
      expect(UsageRow.safeParse({ ...row, ms }).success).toBe(false);
    }
  });

  it('adds up to whole numbers', () => {
    const sums = { tasks: 1, ms: 2, tokens: 3, costMicroUsd: 4, requests: 5 };
    expect(UsedAmounts.safeParse(sums).success).toBe(true);
    expect(UsedAmounts.safeParse({ ...sums, tasks: Number.NaN }).success).toBe(false);
  });
});
