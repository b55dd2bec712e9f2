import { afterAll, describe, expect, test } from 'vitest';
import { commitBatch } from '../../support/suggestions/commit.ts';
import { shownByGit } from '../../support/suggestions/generated-changes.ts';
import { GitDiff } from '../../support/suggestions/git-diff.ts';
import { afterOneCommit, insistExact } from '../../support/suggestions/insist-exact.ts';
import { planChange } from '../../support/suggestions/plan-change.ts';
import { readFixtures } from '../../support/suggestions/read-fixtures.ts';

const git = new GitDiff();
afterAll(() => git[Symbol.dispose]());

const fixtures = readFixtures();
/** Orders in which people commit: as the lines stand, from the last to the first, and mixed. */
const orders = [[0], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], [3, 0, 2, 5, 1, 4]];

test('the corpus has at least 60 changes', () => {
  expect(fixtures.length).toBeGreaterThanOrEqual(60);
});

describe.each(fixtures)('$name', (fixture) => {
  const met = { findings: [], dice: [0] };

  test(`is planned and committed exactly: ${fixture.about}`, () => {
    const change = shownByGit(git, fixture, met);
    const plan = planChange(change);
    const left = Object.groupBy(plan.notInline, (reason) => reason);
    const counts = Object.entries(left).map(([reason, all]) => [reason, all.length]);
    expect(plan.posted).toHaveLength(fixture.suggestions);
    expect(Object.fromEntries(counts)).toEqual(fixture.left);
    const isWhole = plan.notInline.length === 0;
    expect(commitBatch(fixture.head, plan.posted) === fixture.fixed || !isWhole).toBe(true);
    for (const dice of orders) insistExact({ ...change, dice }, plan);
  });

  test('the plan holds after any one commit', () => {
    const change = shownByGit(git, fixture, met);
    const plan = planChange(change);
    for (const one of plan.posted) {
      const next = afterOneCommit(change, { ...plan, posted: [one] });
      insistExact(next, planChange(next));
    }
    expect(plan.posted).toHaveLength(fixture.suggestions);
  });
});
