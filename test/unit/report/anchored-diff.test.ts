import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anchorsBetween } from '../../../src/report/anchored-diff.ts';
import { applyEdits, editsBetween } from '../../../src/report/line-edits.ts';

const lines = fc.array(fc.constantFrom(...Array.from({ length: 15 }, (_, at) => `${at}\n`)), {
  maxLength: 25,
});
const isUnique = (text: string, all: readonly string[]) =>
  all.filter((one) => one === text).length === 1;

/** The length of the longest common subsequence of unique lines, the slow way. */
function longest(before: readonly string[], after: readonly string[]): number {
  const own = before.filter((text) => isUnique(text, before) && isUnique(text, after));
  const other = after.filter((text) => own.includes(text));
  const table = Array.from({ length: own.length + 1 }, () =>
    Array.from({ length: other.length + 1 }, () => 0),
  );
  const at = (i: number, j: number) => table[i]?.[j] ?? 0;
  for (const [i, a] of own.entries()) {
    for (const [j, b] of other.entries()) {
      const row = table[i + 1];
      if (row === undefined) throw new Error('no row');
      row[j + 1] = a === b ? at(i, j) + 1 : Math.max(at(i, j + 1), at(i + 1, j));
    }
  }
  return at(own.length, other.length);
}

test('anchors are unique lines in order, as many as there can be', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const anchors = anchorsBetween(before, after);
      for (const [at, [i, j]] of anchors.entries()) {
        expect(before[i]).toBe(after[j]);
        expect(isUnique(before[i] ?? '', before) && isUnique(after[j] ?? '', after)).toBe(true);
        const [lastI, lastJ] = anchors[at - 1] ?? [-1, -1];
        expect(i > lastI && j > lastJ).toBe(true);
      }
      expect(anchors).toHaveLength(longest(before, after));
    }),
  );
});

test('a thousand edits spread over a long file are a thousand edits', () => {
  const before = Array.from({ length: 60_000 }, (_, at) => (at % 7 === 3 ? '}\n' : `${at}\n`));
  const after = before.map((line, at) => (at % 60 === 0 ? `new ${at}\n` : line));
  const edits = editsBetween(before, after);
  expect(edits).toHaveLength(1_000);
  expect(edits.every(({ removed, added }) => removed.length === 1 && added.length === 1)).toBe(
    true,
  );
  expect(applyEdits(before, edits)).toEqual(after);
});

test('only the part that differs in too much is one piece', () => {
  const noise = (mark: string) => Array.from({ length: 60 }, (_, at) => `${mark}${at % 2}\n`);
  const before = ['one\n', 'x\n', 'two\n', ...noise('a'), 'three\n', 'x\n', 'four\n'];
  const after = ['one\n', 'y\n', 'two\n', ...noise('b'), 'three\n', 'z\n', 'four\n'];
  const edits = editsBetween(before, after, 10);
  expect(edits.map(({ startLine, removed }) => [startLine, removed.length])).toEqual([
    [2, 1],
    [4, 60],
    [65, 1],
  ]);
  expect(applyEdits(before, edits)).toEqual(after);
});

test('the edits of a file are bounded, however many there are, and still make it', () => {
  const before = Array.from({ length: 280_000 }, (_, at) => `${at}\n`);
  const after = before.filter((_, at) => at % 2 === 0);
  const edits = editsBetween(before, after);
  expect(edits).toHaveLength(2_001);
  expect(applyEdits(before, edits)).toEqual(after);
});
