import { describe, expect, it } from 'vitest';
import { closingLine, countTests, verdict } from '../../../scripts/test-verdict.ts';

type State = 'passed' | 'failed' | 'skipped' | 'pending';

function moduleOf(
  state: string,
  tests: readonly State[],
): Parameters<typeof countTests>[0][number] {
  const allTests = (): Iterable<{ result(): { state: State } }> =>
    tests.map((test) => ({ result: () => ({ state: test }) }));
  return { state: () => state, children: { allTests } };
}

describe('countTests', () => {
  it('adds up the tests of every module', () => {
    const modules = [
      moduleOf('failed', ['passed', 'failed']),
      moduleOf('passed', ['passed', 'skipped']),
    ];
    expect(countTests(modules)).toEqual({ passed: 2, failed: 1, skipped: 1 });
  });

  it('counts a test that never ended as skipped', () => {
    expect(countTests([moduleOf('passed', ['pending'])])).toEqual({
      passed: 0,
      failed: 0,
      skipped: 1,
    });
  });

  it('counts a module that failed before its first test', () => {
    expect(countTests([moduleOf('failed', [])])).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('counts errors outside any test', () => {
    expect(countTests([moduleOf('passed', ['passed'])], 2)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 0,
    });
  });
});

describe('verdict', () => {
  it.each([
    ['no test', { passed: 0, failed: 0, skipped: 0 }, 'no test ran'],
    ['a failed test', { passed: 9, failed: 1, skipped: 1 }, '1 failed'],
    ['a skipped test', { passed: 9, failed: 0, skipped: 1 }, '1 skipped or todo'],
  ])('refuses a run with %s', (_, counts, reason) => {
    expect(verdict(counts)).toContain(reason);
  });

  it('accepts a run in which every test passed', () => {
    expect(verdict({ passed: 1, failed: 0, skipped: 0 })).toBeUndefined();
  });
});

describe('closingLine', () => {
  it('has the form that .ci/run insists on', () => {
    expect(closingLine({ passed: 3, failed: 0, skipped: 2 })).toBe('3 passed, 0 failed, 2 skipped');
  });
});
