import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EditedText } from '../../../src/domain/edited-text.ts';
import { TextEdit } from '../../../src/domain/text-edit.ts';

/** `[startLine, startColumn, endLine, endColumn, newText]` */
type Row = readonly [number, number, number, number | undefined, string];

function edit([startLine, startColumn, endLine, endColumn, newText]: Row): TextEdit {
  return {
    startLine,
    startColumn,
    endLine,
    ...(endColumn === undefined ? {} : { endColumn }),
    newText,
  };
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** The text after one fix, or null when it is not taken. */
function fixed(text: string, ...rows: Row[]): string | null {
  const edited = new EditedText(linesOf(text));
  return edited.take(rows.map(edit)) ? edited.toString() : null;
}

describe('EditedText', () => {
  it.each<[string, string, Row[], string]>([
    ['replaces', 'let a\n', [[1, 1, 1, 4, 'const']], 'const a\n'],
    ['inserts', 'ab\n', [[1, 2, 1, 2, '-']], 'a-b\n'],
    ['deletes a whole line', 'a\nb\nc\n', [[2, 1, 3, 1, '']], 'a\nc\n'],
    ['ends with the content of a line', 'a b\r\nc\r\n', [[1, 2, 1, undefined, '']], 'a\r\nc\r\n'],
    ['joins lines', 'a\nb\n', [[1, 2, 2, 1, '']], 'ab\n'],
    ['appends to a last line without ending', 'a', [[1, 2, 1, 2, '\n']], 'a\n'],
    ['appends after the last line', 'a\n', [[2, 1, 2, 1, 'b\n']], 'a\nb\n'],
    ['deletes to the end of the file', 'a\nb\n', [[2, 1, 3, 1, '']], 'a\n'],
    ['fills an empty file', '', [[1, 1, 1, undefined, 'a\n']], 'a\n'],
    [
      'takes edits in any order',
      'abc\n',
      [
        [1, 3, 1, 4, 'C'],
        [1, 1, 1, 2, 'A'],
      ],
      'AbC\n',
    ],
    [
      'inserts before what it replaces',
      'ab\n',
      [
        [1, 1, 1, 2, 'A'],
        [1, 1, 1, 1, '-'],
      ],
      '-Ab\n',
    ],
    [
      'inserts after what it replaces',
      'ab\n',
      [
        [1, 2, 1, 2, '-'],
        [1, 1, 1, 2, 'A'],
      ],
      'A-b\n',
    ],
    ['counts UTF-16 units', '😀b\n', [[1, 3, 1, 4, 'B']], '😀B\n'],
    [
      'takes the same edit twice',
      'ab\n',
      [
        [1, 2, 1, 2, '-'],
        [1, 2, 1, 2, '-'],
      ],
      'a-b\n',
    ],
    ['changes nothing without edits', 'a\n', [], 'a\n'],
  ])('%s', (_what, text, rows, expected) => {
    expect(fixed(text, ...rows)).toBe(expected);
  });

  it.each<[string, string, Row[]]>([
    ['a line past the end', 'a\n', [[3, 1, 3, 1, 'x']]],
    ['the line after a last one without ending', 'a', [[2, 1, 2, 1, 'x']]],
    ['a column past its line', 'a\n', [[1, 3, 1, 3, 'x']]],
    ['a column in a line ending', 'a\r\n', [[1, 3, 1, 3, 'x']]],
    ['a column past an empty end', 'a\n', [[2, 2, 2, 2, 'x']]],
    ['an end past the text', 'a\n', [[1, 1, 9, 1, 'x']]],
    ['an end before its start', 'abc\n', [[1, 3, 1, 2, 'x']]],
    ['half of a character', '😀\n', [[1, 2, 1, 3, 'x']]],
    ['up to half of a character', '😀\n', [[1, 1, 1, 2, 'x']]],
    [
      'two replacements of the same text',
      'abc\n',
      [
        [1, 1, 1, 3, 'x'],
        [1, 2, 1, 4, 'y'],
      ],
    ],
    [
      'one that holds another',
      'abcd\n',
      [
        [1, 2, 1, 3, 'x'],
        [1, 1, 1, 5, 'y'],
      ],
    ],
    [
      'two insertions at one place',
      'ab\n',
      [
        [1, 2, 1, 2, 'x'],
        [1, 2, 1, 2, 'y'],
      ],
    ],
    [
      'an insertion inside of a replacement',
      'abc\n',
      [
        [1, 1, 1, 4, 'x'],
        [1, 2, 1, 2, 'y'],
      ],
    ],
  ])('does not take %s', (_what, text, rows) => {
    expect(fixed(text, ...rows)).toBeNull();
  });

  it('takes a fix whole or not at all', () => {
    const edited = new EditedText(['abc\n']);
    expect(edited.take([edit([1, 1, 1, 2, 'A'])])).toBe(true);
    expect(edited.take([edit([1, 3, 1, 4, 'C']), edit([1, 1, 1, 3, 'x'])])).toBe(false);
    expect(edited.toString()).toBe('Abc\n');
    expect(edited.take([edit([1, 3, 1, 4, 'C'])])).toBe(true);
    expect(edited.toString()).toBe('AbC\n');
  });

  it('does to any text what cutting and pasting does, in whatever order the edits come', () => {
    const lines = fc.array(
      fc.tuple(
        fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\t') }),
        fc.constantFrom('\n', '\r\n'),
      ),
    );
    const scene = fc.tuple(lines, fc.array(fc.nat(200)), fc.array(fc.string()), fc.nat());
    fc.assert(
      fc.property(scene, ([pairs, picks, texts, seed]) => {
        const all = pairs.map((pair) => pair.join(''));
        const places = placesOf(all);
        const cuts = [...new Set(picks.map((pick) => pick % places.length))].sort((a, b) => a - b);
        const spans = texts
          .slice(0, Math.floor(cuts.length / 2))
          .map((newText, index) => spanOf(places, cuts.slice(index * 2, index * 2 + 2), newText));
        const order = spans.toSorted(
          (a, b) => ((a.start * 31 + seed) % 7) - ((b.start * 31 + seed) % 7),
        );
        const edited = new EditedText(all);
        expect(edited.take(order.map((span) => span.edit))).toBe(true);
        let expected = all.join('');
        for (const { start, end, newText } of spans.toReversed())
          expected = expected.slice(0, start) + newText + expected.slice(end);
        expect(edited.toString()).toBe(expected);
      }),
    );
  });
});

interface Place {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** Every place between two characters of a line's content, and the end of the text. */
function placesOf(lines: readonly string[]): Place[] {
  let offset = 0;
  const places: Place[] = [];
  for (const [index, line] of lines.entries()) {
    let column = 1;
    for (const character of line.replace(/\r?\n$/, '')) {
      places.push({ line: index + 1, column, offset: offset + column - 1 });
      column += character.length;
    }
    places.push({ line: index + 1, column, offset: offset + column - 1 });
    offset += line.length;
  }
  return [...places, { line: lines.length + 1, column: 1, offset }];
}

function spanOf(places: readonly Place[], [from = 0, to = 0]: readonly number[], newText: string) {
  const [start, end] = [places[from], places[to]];
  if (start === undefined || end === undefined) throw new Error('no such place');
  return {
    start: start.offset,
    end: end.offset,
    newText,
    edit: edit([start.line, start.column, end.line, end.column, newText]),
  };
}

describe('TextEdit', () => {
  const good = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1, newText: '' };

  it.each([
    ['line 0', { startLine: 0 }],
    ['column 0', { startColumn: 0 }],
    ['half a column', { endColumn: 1.5 }],
    ['no new text', { newText: undefined }],
    ['new text without end', { newText: 'x'.repeat(100_001) }],
    ['half of a surrogate pair', { newText: '\ud83d' }],
    ['a field of its own', { path: '../../etc/passwd' }],
  ])('refuses %s', (_what, fields) => {
    expect(TextEdit.safeParse(good).success).toBe(true);
    expect(TextEdit.safeParse({ ...good, ...fields }).success).toBe(false);
  });
});
