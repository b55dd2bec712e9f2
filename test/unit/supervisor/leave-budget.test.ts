import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { leaveBudget } from '../../../workers/supervisor/leave-budget.ts';

let task: string;
beforeEach(() => {
  task = mkdtempSync(join(tmpdir(), 'budget-'));
});
afterEach(() => rmSync(task, { recursive: true }));

const budget = { tokens: 1_000, costMicroUsd: null, requests: 3 };

describe('the budget of a task', () => {
  test('lies beside its input, for reading alone', () => {
    leaveBudget(task, JSON.stringify(budget));
    const place = join(task, 'budget.json');
    expect(JSON.parse(readFileSync(place, 'utf8'))).toEqual(budget);
    expect(statSync(place).mode & 0o777).toBe(0o444);
  });

  test('is not there where nobody told of one', () => {
    leaveBudget(task, undefined);
    expect(readdirSync(task)).toEqual([]);
  });

  test.each([
    ['no JSON', '{', 'JSON'],
    ['another shape', '{"tokens":1}', 'costMicroUsd'],
    ['less than nothing', JSON.stringify({ ...budget, tokens: -1 }), 'too_small'],
    ['a field of its own', JSON.stringify({ ...budget, key: 'x' }), 'unrecognized_keys'],
  ])('is refused when it is or has %s', (_, text, why) => {
    expect(() => leaveBudget(task, text)).toThrow(why);
    expect(readdirSync(task)).toEqual([]);
  });

  test('does not go through what is there already', () => {
    symlinkSync(join(task, 'elsewhere'), join(task, 'budget.json'));
    expect(() => leaveBudget(task, JSON.stringify(budget))).toThrow('EEXIST');
    expect(readdirSync(task)).toEqual(['budget.json']);
  });
});
