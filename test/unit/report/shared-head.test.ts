import { describe, expect, it } from 'vitest';
import type { CheckState } from '../../../src/ports/check-runs.ts';
import type { CheckView } from '../../../src/report/plan-state.ts';
import { isPass, isPassing, withSibling } from '../../../src/report/shared-head.ts';

function view(state: CheckState): CheckView {
  return {
    state,
    output: { title: 'Clean', summary: 'No findings.' },
    annotations: [],
    actions: [],
  };
}

describe('what lets a merge through', () => {
  it.each([
    ['success', true],
    ['neutral', true],
    ['skipped', true],
    ['failure', false],
    ['action_required', false],
    ['cancelled', false],
    ['timed_out', false],
    ['stale', false],
    [null, false],
  ])('%s: %j', (conclusion, expected) => {
    expect(isPass(conclusion)).toBe(expected);
  });

  it('is no check that is open', () => {
    expect(isPassing(view({ status: 'in_progress' }))).toBe(false);
    expect(isPassing(view({ status: 'completed', conclusion: 'neutral' }))).toBe(true);
  });
});

describe('a check that waits for another pull request', () => {
  it('fails, says for which, and keeps what it has to say', () => {
    const waits = withSibling(view({ status: 'completed', conclusion: 'success' }), 7);
    expect(waits.state).toEqual({ status: 'completed', conclusion: 'failure' });
    expect(waits.output.title).toBe('Waits for #7, which shares this head');
    expect(waits.output.summary).toMatch(/#7[\s\S]*No findings\.$/);
  });
});
