import { expect, test } from 'vitest';
import { applyEdits, editsBetween } from '../../../src/report/line-edits.ts';
import { cutLines } from '../../../src/report/text-lines.ts';
import { keepReproduced } from '../../../src/report/verify-suggestions.ts';

const before = cutLines('a\nb\nc\nd\n');
const after = cutLines('A\nb\nC\nd\n');
const edits = editsBetween(before, after);
const file = { before, after, edits };
const first = {
  suggestion: { startLine: 1, endLine: 1, replacement: 'A\n' },
  edits: edits.slice(0, 1),
};
const second = {
  suggestion: { startLine: 3, endLine: 3, replacement: 'C\n' },
  edits: edits.slice(1),
};

test('claims that hold are kept', () => {
  expect(keepReproduced(file, [first, second])).toEqual([first, second]);
});

test.each([
  ['says something else', { ...first.suggestion, replacement: 'X\n' }],
  ['takes a line too many', { ...first.suggestion, endLine: 2 }],
  ['leaves out its line', { ...first.suggestion, replacement: '' }],
  ['lacks the last line feed', { ...first.suggestion, replacement: 'A' }],
])('a claim that %s is dropped, the others stay', (_name, suggestion) => {
  expect(keepReproduced(file, [{ ...first, suggestion }, second])).toEqual([second]);
});

test('claims that hold alone and not together are all dropped', () => {
  expect(keepReproduced(file, [second, first])).toEqual([]);
});

test('no claim holds when the edits are not the change', () => {
  expect(keepReproduced({ ...file, after: cutLines('other\n') }, [first, second])).toEqual([]);
});

test('edits applied to the old file give the new one', () => {
  expect(applyEdits(before, edits)).toEqual(after);
  expect(applyEdits([], [{ startLine: 1, removed: [], added: ['x\n'] }])).toEqual(['x\n']);
});
