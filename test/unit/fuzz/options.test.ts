import { expect, test } from 'vitest';
import { readFuzzOptions } from '../../../scripts/fuzz/options.ts';

test('100,000 cases unless told', () => {
  expect(readFuzzOptions(['suggestions']).runs).toBe(100_000);
  const told = ['suggestions', '--runs', '50', '--seed', '3', '--path', '4:0:1'];
  expect(readFuzzOptions(told)).toEqual({ runs: 50, seed: 3, path: '4:0:1' });
});

test.each([
  [[]],
  [['other']],
  [['suggestions', 'other']],
  [['suggestions', '--runs', '0']],
  [['suggestions', '--runs', '1e5']],
  [['suggestions', '--seed', '']],
  [['suggestions', '--seed', '0x1']],
  [['suggestions', '--path', '1;2']],
  [['suggestions', '--unknown']],
])('%j is refused with the usage', (args) => {
  expect(() => readFuzzOptions(args)).toThrow(/usage: npm run fuzz/);
});
