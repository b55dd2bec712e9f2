import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Range } from '../../../src/domain/finding.ts';
import { Marks } from '../../../src/domain/finding-record.ts';
import { marksOf } from '../../../src/domain/fingerprint.ts';
import { sampleFinding } from '../../support/report/samples.ts';

/** The marks of a finding in `lines`; without a range, of one about the whole file. */
function marks(lines: readonly string[] | undefined, range?: Range, fields: object = {}): Marks {
  const finding = { ...sampleFinding(), ...fields };
  if (range !== undefined) return marksOf({ ...finding, range }, lines);
  const { range: _range, ...whole } = finding;
  return marksOf(whole, lines);
}

const at = (startLine: number, endLine = startLine): Range => ({ startLine, endLine });

const word = fc.stringMatching(/^[a-z😀é(){};.]{1,8}$/u);
const blank = fc.stringMatching(/^[ \t]{0,4}$/);
/** A line of words with one space between them; some are empty. */
const lineOf = (words: fc.Arbitrary<string[]>) => words.map((some) => some.join(' '));
const fullLine = lineOf(fc.array(word, { minLength: 1, maxLength: 6 }));
const anyLine = lineOf(fc.array(word, { maxLength: 6 }));
const anyLines = fc.array(anyLine, { maxLength: 8 });

/** A file with at least two lines with something in them on each side of those that the finding is about. */
const scene = fc
  .record({
    above: fc.tuple(anyLines, fullLine, fullLine),
    found: fc.array(fullLine, { minLength: 1, maxLength: 3 }),
    below: fc.tuple(fullLine, fullLine, anyLines),
  })
  .map(({ above: [far, ...near], found, below: [one, two, rest] }) => {
    const before = [...far, ...near];
    const range = at(before.length + 1, before.length + found.length);
    return { lines: [...before, ...found, one, two, ...rest], range };
  });

const moved = (range: Range, by: number): Range => ({
  ...range,
  startLine: range.startLine + by,
  endLine: range.endLine + by,
});

describe('the marks of a finding stay', () => {
  it('when lines come above and below', () => {
    fc.assert(
      fc.property(scene, anyLines, anyLines, ({ lines, range }, above, below) => {
        const grown = [...above, ...lines, ...below];
        expect(marks(grown, moved(range, above.length))).toEqual(marks(lines, range));
      }),
    );
  });

  it('when everything is indented anew, and with blank lines in between', () => {
    fc.assert(
      fc.property(scene, blank, ({ lines, range }, indent) => {
        const before = marks(lines, range);
        expect(
          marks(
            lines.map((line) => indent + line),
            range,
          ),
        ).toEqual(before);
        const wide = lines.flatMap((line) => [indent, line]);
        expect(marks(wide, at(range.startLine * 2, range.endLine * 2))).toEqual(before);
      }),
    );
  });

  it('with any ends of lines, and in a file of another name', () => {
    fc.assert(
      fc.property(scene, fc.constantFrom('\n', '\r\n'), ({ lines, range }, end) => {
        const ended = lines.map((line) => line + end);
        expect(marks(ended, range, { path: 'other/name.js' })).toEqual(marks(lines, range));
      }),
    );
  });

  it('by its text, when what is around it is written anew', () => {
    fc.assert(
      fc.property(scene, anyLines, anyLines, ({ lines, range }, above, below) => {
        const found = lines.slice(range.startLine - 1, range.endLine);
        const other = [...above, ...found, ...below];
        const there = at(above.length + 1, above.length + found.length);
        expect(marks(other, there).key).toBe(marks(lines, range).key);
      }),
    );
  });

  it('by what is between its columns, wherever lines are broken', () => {
    const words = fc.array(word, { minLength: 3, maxLength: 8 });
    fc.assert(
      fc.property(words, fullLine, blank, (some, before, indent) => {
        const [one, all] = [some.join(' '), `${before} ${some.join(' ')} // more`];
        const startColumn = before.length + 2;
        const inLine = { ...at(1), startColumn, endColumn: startColumn + one.length };
        const last = some.at(-1) ?? '';
        const endColumn = indent.length + last.length + 1;
        const broken = { ...at(2, some.length + 1), startColumn: indent.length + 1, endColumn };
        const lines = [
          before,
          ...some.map(
            (part, index) => indent + part + (index + 1 === some.length ? ' // other' : ''),
          ),
        ];
        expect(marks(lines, broken).key).toBe(marks([all], inLine).key);
      }),
    );
  });
});

describe('the marks of a finding', () => {
  const lines = ['a', '', 'let x = 1;', 'debugger;', 'debugger;', '', 'b', 'c'];

  it('are of 32 hex digits, also where the range is nowhere in the file', () => {
    const place = fc.integer({ min: 1, max: 12 });
    const range = fc.record(
      { startLine: place, endLine: place, startColumn: place, endColumn: place },
      { requiredKeys: ['startLine', 'endLine'] },
    );
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 9 })), range, (file, some) => {
        const endLine = Math.max(some.startLine, some.endLine);
        const made = marks(file, { ...some, endLine });
        expect(Marks.parse(made)).toEqual(made);
      }),
    );
  });

  it('have another key for another tool, rule or text', () => {
    const keys = [
      marks(lines, at(4)),
      marks(lines, at(3)),
      marks(lines, at(3, 4)),
      marks(lines, at(4), { tool: 'biome' }),
      marks(lines, at(4), { rule: 'other' }),
      marks(undefined, at(4)),
      marks(['\ud83d;;', 'x'], at(1)),
      marks(['\ude00;;', 'x'], at(1)),
    ].map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('tell equals apart by what is around them, which side it is on included', () => {
    const [one, two] = [marks(lines, at(4)), marks(lines, at(5))];
    expect(one.key).toBe(two.key);
    expect(one.near).not.toBe(two.near);
    expect(marks(['x', 'y', 'z'], at(2)).near).not.toBe(marks(['z', 'y', 'x'], at(2)).near);
    expect(marks(['x', 'y'], at(2)).near).not.toBe(marks(['y', 'x'], at(1)).near);
  });

  it('are of the text between columns, and of the line where that is less than three characters', () => {
    const line = 'const ab = foo(bar);';
    const span = (startColumn: number, endColumn: number) =>
      marks([line], { ...at(1), startColumn, endColumn }).key;
    expect(span(12, 20)).toBe(marks(['foo(bar)'], at(1)).key);
    expect(span(7, 9)).toBe(marks([line], at(1)).key);
    expect(span(6, 12)).toBe(marks(['ab='], at(1)).key);
    // Outside the line, and the wrong way round.
    expect(span(12, 99)).toBe(marks(['foo(bar);'], at(1)).key);
    expect(span(50, 99)).toBe(marks([line], at(1)).key);
    expect(span(9, 2)).toBe(marks([line], at(1)).key);
    expect(marks([line], { ...at(1), startColumn: 12 }).key).toBe(marks(['foo(bar);'], at(1)).key);
    // The line that the end column is in is not there.
    expect(marks([line], { ...at(1, 2), endColumn: 9 }).key).toBe(marks([line], at(1)).key);
  });

  it.each([
    ['a file as a whole', lines, undefined],
    ['what is no text', undefined, at(1)],
    ['an empty line', lines, at(2)],
    ['a line that is not there', lines, at(9)],
  ])('about %s are of its message without digits', (_what, file, range) => {
    const key = (message: string) => marks(file, range, { message }).key;
    expect(key('412 lines, 400 allowed')).toBe(key('98 lines,\n77 allowed'));
    expect(key('412 lines, 400 allowed')).not.toBe(key('412 words, 400 allowed'));
  });

  it('tell whole files apart by their ends, and what has nothing around it by its path', () => {
    const near = (file: readonly string[] | undefined, path: string, range?: Range) =>
      marks(file, range, { path }).near;
    const grown = [...lines.slice(0, 3), 'more', ...lines.slice(3)];
    expect(near(grown, 'other.ts')).toBe(near(lines, 'one.ts'));
    expect(near([...lines, 'more'], 'one.ts')).not.toBe(near(lines, 'one.ts'));
    for (const file of [undefined, [], [' ', '']]) {
      expect(near(file, 'one.ts')).not.toBe(near(file, 'other.ts'));
      expect(near(file, 'one.ts')).toBe(near([], 'one.ts'));
    }
    expect(near(['alone'], 'one.ts', at(1))).not.toBe(near(['alone'], 'other.ts', at(1)));
    expect(near(undefined, 'one.ts', at(1))).not.toBe(near(undefined, 'other.ts', at(1)));
  });

  it('have a key of the tool where it has its own fingerprint', () => {
    const of = (fields: object) => marks(lines, at(1), fields).toolKey;
    expect(of({})).toBeNull();
    expect(of({ toolFingerprint: 'a' })).toBe(of({ toolFingerprint: 'a', rule: 'r' }));
    expect(of({ toolFingerprint: 'a' })).not.toBe(of({ toolFingerprint: 'b' }));
    expect(of({ toolFingerprint: 'a' })).not.toBe(of({ toolFingerprint: 'a', tool: 'biome' }));
  });

  it('are of nothing behind 32,000 characters of white space', () => {
    const key = (letter: string, spaces: number) =>
      marks([' '.repeat(spaces), letter.repeat(100)], at(1, 2)).key;
    expect(key('a', 32_000)).toBe(key('b', 32_000));
    expect(key('a', 31_000)).not.toBe(key('b', 31_000));
  });

  it('are of no more than the first 2,000 characters', () => {
    const long = Array.from({ length: 1_500 }, (_, index) => `  ${10 + (index % 90)}`);
    const other = [...long.slice(0, 1_000), 'x', ...long.slice(1_000)];
    expect(marks(long, at(1, 1_500)).key).toBe(marks(other, at(1, 1_501)).key);
    const early = [...long.slice(0, 999), 'x', ...long.slice(999)];
    expect(marks(long, at(1, 1_500)).key).not.toBe(marks(early, at(1, 1_501)).key);
  });
});
