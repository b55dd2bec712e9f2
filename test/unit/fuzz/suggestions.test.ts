import { expect, test } from 'vitest';
import { fuzzSuggestions } from '../../../scripts/fuzz/suggestions.ts';
import { planChange } from '../../support/suggestions/plan-change.ts';
import type { ShownChange } from '../../support/suggestions/played-change.ts';

const quietly = (): void => undefined;

/** A planner that writes `x` for `c` in what it suggests. */
function corrupted(change: ShownChange) {
  const plan = planChange(change);
  const posted = plan.posted.map((one) => ({
    ...one,
    replacement: one.replacement.replaceAll('c', 'x'),
  }));
  return { ...plan, posted };
}

test('a run counts what it planned and finds nothing', () => {
  const { text, corruptions } = fuzzSuggestions({ runs: 300, seed: 7, path: undefined }, quietly);
  expect(corruptions).toBe(0);
  expect(text).toMatch(/^seed: 7\nchanges: 300\nsuggestions: [1-9]\d+\n/);
  expect(text).toMatch(/^left over, line-endings: [1-9]/m);
  expect(text).toMatch(/^corruptions: 0$/m);
});

test('a corruption is found, made small, and found again by its replay line', () => {
  const found = fuzzSuggestions({ runs: 300, seed: 7, path: undefined }, quietly, corrupted);
  expect(found.corruptions).toBe(1);
  const path = /^replay: npm run fuzz -- suggestions --seed 7 --path ([\d:]+)$/m.exec(
    found.text,
  )?.[1];
  expect(path).toBeDefined();
  const again = fuzzSuggestions({ runs: 300, seed: 7, path }, quietly, corrupted);
  expect(again.corruptions).toBe(1);
  expect(again.text).toContain('changes: 0');
  const mended = fuzzSuggestions({ runs: 1, seed: 7, path }, quietly);
  expect(mended.corruptions).toBe(0);
});
