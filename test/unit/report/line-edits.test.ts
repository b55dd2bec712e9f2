import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyEdits, editsBetween } from '../../../src/report/line-edits.ts';

const lines = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n'), { maxLength: 30 });

test('edits turn one file into the other, in order and never touching', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const edits = editsBetween(before, after);
      expect(applyEdits(before, edits)).toEqual(after);
      for (const edit of edits) {
        const { startLine, removed } = edit;
        expect(before.slice(startLine - 1, startLine - 1 + removed.length)).toEqual(removed);
      }
      const gaps = edits.slice(1).map((edit, at) => {
        const previous = edits[at] ?? edit;
        return edit.startLine - previous.startLine - previous.removed.length;
      });
      expect(gaps.every((gap) => gap >= 1)).toBe(true);
    }),
  );
});

test('one changed line among many is one edit', () => {
  const before = Array.from({ length: 50_000 }, (_, at) => `${at}\n`);
  const after = before.with(25_000, 'x\n');
  expect(editsBetween(before, after)).toEqual([
    { startLine: 25_001, removed: ['25000\n'], added: ['x\n'] },
  ]);
});

const many = (mark: string) => [
  'same\n',
  ...Array.from({ length: 2_500 }, (_, at) => `${mark}${at}\n`),
  'end\n',
];

test('files too different for the search are one edit over what differs', () => {
  const [edit, ...others] = editsBetween(many('a'), many('b'));
  expect([edit?.startLine, edit?.removed.length, edit?.added.length]).toEqual([2, 2_500, 2_500]);
  expect(others).toEqual([]);
});
