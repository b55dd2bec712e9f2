import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { changesWith, longChange } from '../../support/suggestions/generated-changes.ts';
import { GitDiff } from '../../support/suggestions/git-diff.ts';
import { afterOneCommit, insistExact } from '../../support/suggestions/insist-exact.ts';
import { planChange } from '../../support/suggestions/plan-change.ts';
import { Counter } from '../../support/suggestions/tally.ts';

const git = new GitDiff();
afterAll(() => git[Symbol.dispose]());

const runs = 2_000;

test('what people commit of a plan is exactly the change, and so is the plan for what is left', () => {
  const counter = new Counter();
  fc.assert(
    fc.property(changesWith(git), (change) => {
      const plan = planChange(change);
      counter.add(plan);
      insistExact(change, plan);
      const next = afterOneCommit(change, plan);
      insistExact(next, planChange(next));
    }),
    { numRuns: runs },
  );
  const { cases, suggestions, left } = counter.tally();
  expect(cases).toBe(runs);
  // The generators must not drift into files that never carry a suggestion, or always do.
  expect(suggestions).toBeGreaterThan(runs / 4);
  expect(Object.keys(left)).toEqual(
    expect.arrayContaining(['final-newline', 'hidden-characters', 'line-endings', 'outside-diff']),
  );
  expect(left.unverified).toBeUndefined();
});

// Samples and no property: a report of a failed one would print every line of the file.
test.each(fc.sample(longChange(git), 3).map((change) => [change]))(
  'a diff of 1,000 hunks and more carries a suggestion in each hunk that a worker changes (sample %#)',
  (change) => {
    const plan = planChange(change);
    insistExact(change, plan);
    const hunks = change.hunks.length;
    expect(hunks).toBeGreaterThanOrEqual(1_000);
    expect(plan.posted.length).toBeGreaterThan(hunks / 4);
    expect(plan.notInline).toEqual([]);
  },
);
