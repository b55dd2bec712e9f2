import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyHunks, lineHunks } from '../../../workers/agents/linters/line-diff.ts';
import { splitKeepingEnds, splitLines } from '../../../workers/agents/linters/lines.ts';
import { keepTouchedHunks } from '../../../workers/agents/linters/restrict.ts';

const lines = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n', 'a\r\n'), { maxLength: 30 });

describe('lineHunks', () => {
  test('applied to the old text, gives the new text', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const hunks = lineHunks(before, after);
        expect(hunks).not.toBeNull();
        expect(applyHunks(before, hunks ?? [])).toEqual(after);
      }),
    );
  });

  test('are in order and apart, and none is empty', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        let free = -1;
        for (const hunk of lineHunks(before, after) ?? []) {
          expect(hunk.start).toBeGreaterThan(free);
          expect(hunk.end - hunk.start + hunk.lines.length).toBeGreaterThan(0);
          free = hunk.end;
        }
      }),
    );
  });

  test('reach the end of a file of any number of lines', () => {
    const before = Array.from({ length: 300_000 }, () => 'a\n');
    const after = [...before.slice(1), 'b\n'];
    expect(applyHunks(before, lineHunks(before, after) ?? [])).toEqual(after);
  });

  test('a rewrite of thousands of lines is refused', () => {
    const many = (word: string) => Array.from({ length: 1_500 }, (_, i) => `${word}${i}\n`);
    expect(lineHunks(many('a'), many('b'))).toBeNull();
  });
});

describe('keepTouchedHunks', () => {
  test('neighbouring lines are told apart only for a tool that keeps text on its line', () => {
    const before = { text: 'a = b +\nc\n', added: [true, false] };
    expect(keepTouchedHunks(before, 'a =\nb + c\n')?.text).toBe('a =\nb + c\n');
    const words = { text: 'teh\nteh\n', added: [false, true] };
    expect(keepTouchedHunks(words, 'the\nthe\n', true)?.text).toBe('teh\nthe\n');
  });

  const text = 'one\ntwo\nthree\nfour\n';
  const touch = (...flags: number[]) => ({
    text,
    added: splitLines(text).map((_, index) => flags.includes(index + 1)),
  });
  test.each([
    [
      'a change on an added line is kept',
      touch(2),
      'one\nTWO\nthree\nfour\n',
      'one\nTWO\nthree\nfour\n',
    ],
    ['a change elsewhere is dropped', touch(2), 'one\ntwo\nthree\nFOUR\n', text],
    [
      'of two changes only the touched stays',
      touch(2),
      'ONE\ntwo\nthree\nfour\n'.replace('two', 'TWO'),
      'ONE\nTWO\nthree\nfour\n',
    ],
    [
      'two changes apart are judged apart',
      touch(1),
      'ONE\ntwo\nthree\nFOUR\n',
      'ONE\ntwo\nthree\nfour\n',
    ],
    [
      'an insertion above an added line is kept',
      touch(3),
      'one\ntwo\n\nthree\nfour\n',
      'one\ntwo\n\nthree\nfour\n',
    ],
    ['an insertion far from it is dropped', touch(1), 'one\ntwo\nthree\n\nfour\n', text],
    ['a missing line end counts as a change of the last line', touch(1), text.trimEnd(), text],
  ])('%s', (_, before, fixed, expected) => {
    expect(keepTouchedHunks(before, fixed)?.text).toBe(expected);
  });

  test('lines outside the added ones survive byte for byte, whatever the tool makes of them', () => {
    fc.assert(
      fc.property(lines, lines, fc.nat(29), (old, fixed, at) => {
        const before = { text: old.join(''), added: old.map((_, index) => index === at) };
        const kept = keepTouchedHunks(before, fixed.join(''));
        // Not by another diff of what was kept: with equal lines that may place a hunk elsewhere.
        const hunks = lineHunks(old, fixed) ?? [];
        const near = hunks.filter(({ start, end }) => at >= start - 1 && at <= end);
        const [head, tail] =
          near.length === 0
            ? [old, old]
            : [old.slice(0, near.at(0)?.start), old.slice(near.at(-1)?.end)];
        expect(kept?.text.startsWith(head.join(''))).toBe(true);
        expect(kept?.text.endsWith(tail.join(''))).toBe(true);
        expect(kept?.added.length).toBe(splitKeepingEnds(kept?.text ?? '').length);
      }),
    );
  });
});
