import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deriveSuggestions } from '../../../src/report/suggestions.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const hunk = (newStart: number, newLines: number) => ({
  oldStart: newStart,
  oldLines: newLines,
  newStart,
  newLines,
});
const everywhere = [hunk(1, 1_000_000)];

const many = (mark: string) => Array.from({ length: 3_000 }, (_, at) => `${mark}${at}\n`).join('');

function derive(before: string, after: string, hunks = everywhere) {
  return deriveSuggestions({ path: 'f', before: bytes(before), after: bytes(after), hunks });
}

describe('deriveSuggestions', () => {
  test.each([
    ['a changed line', ['a\nb\nc\n', 'a\nB\nc\n'], [[2, 2, 'B\n']]],
    ['several lines for one', ['a\nb\nc\n', 'a\n1\n2\n3\nc\n'], [[2, 2, '1\n2\n3\n']]],
    ['one line for several', ['a\nb\nc\nd\n', 'a\nX\nd\n'], [[2, 3, 'X\n']]],
    ['a deletion is an empty replacement', ['a\nb\nc\n', 'a\nc\n'], [[2, 2, '']]],
    ['a deletion of all', ['a\nb\n', ''], [[1, 2, '']]],
    ['an emptied line is not a deletion', ['a\nb\nc\n', 'a\n\nc\n'], [[2, 2, '\n']]],
    ['an insertion repeats the line before', ['a\nb\n', 'a\nx\nb\n'], [[1, 1, 'a\nx\n']]],
    [
      'an insertion at the start repeats the first line',
      ['a\nb\n', 'x\na\nb\n'],
      [[1, 1, 'x\na\n']],
    ],
    ['an insertion at the end', ['a\nb\n', 'a\nb\nx\n'], [[2, 2, 'b\nx\n']]],
    ['edits that touch become one', ['a\nb\nc\nd\n', 'A\nb\nx\nc\nd\n'], [[1, 2, 'A\nb\nx\n']]],
    [
      'edits apart stay apart',
      ['a\nb\nc\n', 'A\nb\nC\n'],
      [
        [1, 1, 'A\n'],
        [3, 3, 'C\n'],
      ],
    ],
    ['tabs and trailing blanks', ['\ta\n', '\ta \t\n'], [[1, 1, '\ta \t\n']]],
    ['emoji, joined ones too', ['a\n', '👩‍💻❤️😀\n'], [[1, 1, '👩‍💻❤️😀\n']]],
    ['an edit away from an open end', ['a\nb\nc', 'A\nb\nc'], [[1, 1, 'A\n']]],
    ['an insertion before an open end', ['a\nb', 'a\nx\nb'], [[1, 1, 'a\nx\n']]],
    [
      'an insertion beside a line with a hidden character',
      ['h\u200b\nb\n', 'h\u200b\nx\nb\n'],
      [[2, 2, 'x\nb\n']],
    ],
    ['removing a hidden character', ['a\u202e\n', 'a\n'], [[1, 1, 'a\n']]],
  ] as const)('%s', (_name, [before, after], expected) => {
    const { suggestions, leftover } = derive(before, after);
    expect(suggestions.map((one) => [one.startLine, one.endLine, one.replacement])).toEqual(
      expected,
    );
    expect(leftover).toEqual([]);
  });

  test.each([
    ['CRLF', ['a\r\nb\r\n', 'a\r\nB\r\n'], 'line-endings'],
    ['LF to CRLF', ['a\nb\n', 'a\r\nb\r\n'], 'line-endings'],
    ['a lone CR', ['a\nb\n', 'a\nb\rc\n'], 'line-endings'],
    ['a CR elsewhere in the file', ['a\nb\r\n', 'A\nb\r\n'], 'line-endings'],
    ['a final newline added', ['a\nb', 'a\nb\n'], 'final-newline'],
    ['a final newline removed', ['a\nb\n', 'a\nb'], 'final-newline'],
    ['an open last line changed', ['a\nb', 'a\nB'], 'final-newline'],
    ['the only line, open', ['a', 'x\na'], 'final-newline'],
    ['a byte-order mark added', ['a\n', '\ufeffa\n'], 'hidden-characters'],
    ['a byte-order mark removed', ['\ufeffa\n', 'a\n'], 'hidden-characters'],
    ['a line with a byte-order mark', ['\ufeffa\n', '\ufeffb\n'], 'hidden-characters'],
    ['a bidi override', ['a\n', 'a\u202eb\n'], 'hidden-characters'],
    ['a zero-width space', ['a\n', 'a\u200b\n'], 'hidden-characters'],
    ['tag characters', ['a\n', 'a\u{e0061}\n'], 'hidden-characters'],
    ['a lone joiner', ['a\n', 'a\u200db\n'], 'hidden-characters'],
    ['smuggled selectors', ['a\n', '😀\ufe0f\ufe0f\ufe0f\n'], 'hidden-characters'],
    ['NUL', ['a\n', 'a\0\n'], 'hidden-characters'],
    ['an escape character', ['a\n', '\x1b[8mb\n'], 'hidden-characters'],
    ['a line separator', ['a\n', 'a\u2028b\n'], 'hidden-characters'],
    ['more than a comment holds', ['a\n', `${'b'.repeat(40_000)}\n`], 'too-long'],
    ['a file that was empty', ['', 'a\n'], 'outside-diff'],
  ] as const)('%s is never a suggestion', (_name, [before, after], reason) => {
    const { suggestions, leftover } = derive(before, after);
    expect(suggestions).toEqual([]);
    expect(leftover.map((edit) => edit.reason)).toEqual([reason]);
  });

  test.each([
    ['bytes that are not UTF-8', [Uint8Array.of(0xff), bytes('a\n')], 'not-utf8'],
    ['a patch into bytes that are not UTF-8', [bytes('a\n'), Uint8Array.of(0xff)], 'not-utf8'],
    ['files of several megabytes', [bytes('a\n'), new Uint8Array(9 * 1024 * 1024)], 'too-long'],
  ] as const)('%s leave the whole file over', (_name, [before, after], reason) => {
    const derived = deriveSuggestions({ path: 'f', before, after, hunks: everywhere });
    expect(derived).toEqual({
      suggestions: [],
      leftover: [{ startLine: 1, removed: [], added: [], reason }],
    });
  });

  test.each([
    ['before the hunk', 'a\nB\nc\nd\n', [hunk(3, 2)]],
    ['half inside', 'a\nB\nC\nd\n', [hunk(3, 2)]],
    ['across two hunks', 'a\nB\nC\nd\n', [hunk(1, 2), hunk(3, 2)]],
    ['in a file that the pull request does not touch', 'a\nB\nc\nd\n', []],
  ])('an edit %s is left over', (_name, after, hunks) => {
    const { suggestions, leftover } = derive('a\nb\nc\nd\n', after, hunks);
    expect(suggestions).toEqual([]);
    expect(leftover.map((edit) => edit.reason)).toEqual(['outside-diff']);
  });

  test('an insertion just above a hunk stands on the first line of the hunk', () => {
    const { suggestions } = derive('a\nb\nc\n', 'a\nx\nb\nc\n', [hunk(2, 2)]);
    expect(suggestions).toEqual([{ path: 'f', startLine: 2, endLine: 2, replacement: 'x\nb\n' }]);
  });

  test('edits that touch where two hunks meet stay two suggestions', () => {
    const { suggestions } = derive('a\nb\nc\nd\n', 'a\nB\nc\nx\nd\n', [hunk(1, 2), hunk(3, 2)]);
    expect(suggestions.map((one) => [one.startLine, one.endLine])).toEqual([
      [2, 2],
      [3, 3],
    ]);
  });

  test('files that differ in everything end in one suggestion, soon', () => {
    const { suggestions, leftover } = derive(many('a'), many('b'));
    expect([suggestions.length, leftover.length]).toEqual([1, 0]);
  });
});

test('equal files need nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(derive(text, text)).toEqual({ suggestions: [], leftover: [] });
    }),
  );
});
