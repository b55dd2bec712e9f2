import { expect, test } from 'vitest';
import { insistExact } from '../../support/suggestions/insist-exact.ts';
import { type PlannedChange, planChange } from '../../support/suggestions/plan-change.ts';
import type { ShownChange } from '../../support/suggestions/played-change.ts';

const hunk = (newStart: number, newLines: number) => ({
  oldStart: newStart,
  oldLines: newLines,
  newStart,
  newLines,
});

/** Two suggestions, on lines 2 and 4, and a leftover edit of line 8. */
const change: ShownChange = {
  path: 'f',
  basePath: 'f',
  base: null,
  head: 'a\nb\nc\nd\ne\nf\ng\nh\n',
  fixed: 'a\nB\nc\nD\nx\ne\nf\ng\nH\n',
  hunks: [hunk(1, 2), hunk(3, 2)],
  findings: [],
  dice: [2, 1],
};
const plan = planChange(change);

test('the plan of the product holds', () => {
  expect(plan.posted).toEqual([
    { startLine: 2, endLine: 2, replacement: 'B\n' },
    { startLine: 4, endLine: 4, replacement: 'D\nx\n' },
  ]);
  expect(plan.notInline).toEqual(['outside-diff']);
  expect(() => insistExact(change, plan)).not.toThrow();
});

const first = { startLine: 2, endLine: 2, replacement: 'B\n' };
const second = { startLine: 4, endLine: 4, replacement: 'D\nx\n' };

test.each<[string, Partial<PlannedChange>, RegExp]>([
  ['another text', { posted: [first, { ...second, replacement: 'd\nx\n' }] }, /not the change/],
  ['another line', { posted: [{ ...first, startLine: 3, endLine: 3 }, second] }, /not the change/],
  ['a suggestion that is lost', { posted: [first] }, /not the change/],
  ['an edit that is lost', { leftover: [] }, /not the change/],
  ['an edit that is not told', { notInline: [] }, /does not count/],
  [
    'a line that is in no hunk',
    { posted: [first, { startLine: 4, endLine: 5, replacement: 'D\nx\ne\n' }] },
    /lines 4 to 5 are in no hunk/,
  ],
  [
    'lines of two hunks',
    { posted: [{ startLine: 2, endLine: 4, replacement: 'B\nc\nD\nx\n' }] },
    /lines 2 to 4 are in no hunk/,
  ],
  [
    'a suggestion of nothing new',
    { posted: [{ startLine: 1, endLine: 1, replacement: 'a\n' }, first, second] },
    /line 1 changes nothing/,
  ],
  [
    'a text that does not end',
    { posted: [first, { startLine: 4, endLine: 4, replacement: 'D\nx' }] },
    /not the change/,
  ],
  ['lines past the end', { posted: [{ ...first, startLine: 9, endLine: 9 }] }, /change|no lines/],
])('%s is found', (_name, tampered, reason) => {
  expect(() => insistExact(change, { ...plan, ...tampered })).toThrow(reason);
});

test('two suggestions for one line are found', () => {
  const twice: ShownChange = { ...change, head: 'a\n', fixed: 'x\ny\na\n', hunks: [hunk(1, 1)] };
  const posted = [
    { startLine: 1, endLine: 1, replacement: 'x\ny\n' },
    { startLine: 1, endLine: 1, replacement: 'a\n' },
  ];
  const none = { unposted: [], leftover: [], notInline: [] };
  expect(() => insistExact(twice, { posted, ...none })).toThrow(/not the change|two suggestions/);
});
