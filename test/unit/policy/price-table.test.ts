import { describe, expect, test } from 'vitest';
import { ModelPrice, PriceTable, priceOf } from '../../../src/policy/price-table.ts';

const flat = { input: 3, output: 15, cacheRead: 1, cacheWrite: 4, cacheWriteHour: 6 };
const table = PriceTable.parse({
  version: 1,
  asOf: '2026-11-28',
  models: { sonnet: flat, 'gpt-5': flat, 'odd-20250101': { ...flat, input: 9 } },
});

describe('the price of a model', () => {
  test.each([
    ['sonnet', 3],
    ['sonnet-20250929', 3],
    ['gpt-5-2025-08-07', 3],
    ['odd-20250101', 9],
    ['odd', undefined],
    ['sonnet-fast', undefined],
    ['sonnet-20250929-fast', undefined],
    ['sonnet-20259929', undefined],
    ['constructor', undefined],
    ['__proto__-20250929', undefined],
  ])('is that of its name, with a day or without: %s', (model, input) => {
    expect(priceOf(table, model)?.input).toBe(input);
  });

  test.each([
    ['a tier from no token on', { ...flat, longPrompt: { above: 0, ...flat } }],
    ['a tier without a price', { ...flat, longPrompt: { above: 1, input: 1 } }],
    ['parts of a micro-dollar', { ...flat, input: 0.5 }],
  ])('is refused with %s', (_, price) => {
    expect(ModelPrice.safeParse({ ...flat, longPrompt: { above: 1, ...flat } }).success).toBe(true);
    expect(ModelPrice.safeParse(price).success).toBe(false);
  });
});
