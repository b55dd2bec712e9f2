import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ColumnUnit, editInUtf16, rangeInUtf16 } from '../../../src/domain/column-unit.ts';
import { MeasureBudget } from '../../../src/domain/measure-budget.ts';

const line = 'é😀b = 1\r\n';

/** A column of a line in UTF-16 units, or undefined. */
function column(text: string, unit: ColumnUnit, startColumn: number): number | undefined {
  const range = { startLine: 1, endLine: 1, startColumn };
  return rangeInUtf16(range, { lines: [text], unit, budget: new MeasureBudget() }).startColumn;
}

describe('a column in UTF-16 units', () => {
  it.each<[string, ColumnUnit, number, number | undefined]>([
    ['of a UTF-16 column', 'utf16', 4, 4],
    ['of code points', 'code-points', 3, 4],
    ['of UTF-8 bytes', 'utf8', 7, 4],
    ['of bytes before the first character', 'utf8', 1, 1],
    ['of bytes after the second', 'utf8', 3, 2],
    ['of an unknown unit before anything that is not ASCII', 'unknown', 1, 1],
    ['of the end of a line', 'code-points', 8, 9],
    ['of the end of a line in bytes', 'utf8', 12, 9],
    ['of nothing behind the end', 'code-points', 9, undefined],
    ['of nothing in a line ending', 'utf8', 13, undefined],
    ['of nothing behind the end in UTF-16', 'utf16', 10, undefined],
    ['of no part of a character', 'utf8', 2, undefined],
    ['of no part of an emoji', 'utf8', 5, undefined],
    ['of nothing where units disagree', 'unknown', 2, undefined],
  ])('%s', (_what, unit, given, expected) => {
    expect(column(line, unit, given)).toBe(expected);
  });

  it('is the same in every unit behind ASCII', () => {
    for (const unit of ['utf16', 'code-points', 'utf8', 'unknown'] as const) {
      expect([1, 3, 4, 5].map((one) => column('abc\n', unit, one))).toEqual([1, 3, 4, undefined]);
    }
  });

  it('counts a character of three bytes as three', () => {
    expect([4, 3].map((one) => column('€x\n', 'utf8', one))).toEqual([2, undefined]);
  });

  it('is not told behind a byte-order mark, which some tools count', () => {
    expect(column('\ufeffabc\n', 'utf8', 1)).toBeUndefined();
  });

  it('is the place of the same character, for any text and unit', () => {
    const text = fc.string({ unit: 'grapheme' }).map((one) => one.replaceAll('\ufeff', ''));
    fc.assert(
      fc.property(text, (content) => {
        let [points, bytes, units] = [1, 1, 1];
        for (const character of content.replace(/\r?\n$/, '')) {
          expect(column(content, 'code-points', points)).toBe(units);
          expect(column(content, 'utf8', bytes)).toBe(units);
          points += 1;
          bytes += Buffer.byteLength(character);
          units += character.length;
        }
      }),
    );
  });
});

describe('rangeInUtf16', () => {
  const measure = { lines: [line, 'x\n'], unit: 'utf8', budget: new MeasureBudget() } as const;

  it.each([
    ['both columns', { startColumn: 7, endColumn: 8 }, { startColumn: 4, endColumn: 5 }],
    ['a start alone', { startColumn: 7 }, { startColumn: 4 }],
    ['no columns', {}, {}],
    ['an end without start', { endColumn: 7 }, {}],
    ['a bad start', { startColumn: 2, endColumn: 7 }, {}],
    ['a bad end', { startColumn: 7, endColumn: 99 }, { startColumn: 4 }],
  ])('keeps what it can of %s', (_what, columns, expected) => {
    const place = { startLine: 1, endLine: 1 };
    expect(rangeInUtf16({ ...place, ...columns }, measure)).toEqual({ ...place, ...expected });
  });

  it('measures each end on its own line', () => {
    const range = { startLine: 1, endLine: 2, startColumn: 7, endColumn: 2 };
    expect(rangeInUtf16(range, measure)).toEqual({ ...range, startColumn: 4 });
    const beyond = { startLine: 9, endLine: 9, startColumn: 2 };
    expect(rangeInUtf16(beyond, measure)).toEqual({ startLine: 9, endLine: 9 });
  });
});

describe('editInUtf16', () => {
  const measure = {
    lines: [line],
    unit: 'code-points',
    budget: new MeasureBudget(),
  } as const;
  const edit = { startLine: 1, startColumn: 3, endLine: 1, newText: 'c' };

  it.each([
    ['to the end of the line', {}, { startColumn: 4 }],
    ['to a column', { endColumn: 4 }, { startColumn: 4, endColumn: 5 }],
  ])('moves an edit %s', (_what, fields, expected) => {
    expect(editInUtf16({ ...edit, ...fields }, measure)).toEqual({ ...edit, ...expected });
  });

  it.each([
    ['start', { startColumn: 99 }],
    ['end', { endColumn: 99 }],
  ])('gives up an edit without a place for its %s', (_what, fields) => {
    expect(editInUtf16({ ...edit, ...fields }, measure)).toBeUndefined();
  });
});

describe('the budget of a report', () => {
  const range = { startLine: 1, endLine: 1, startColumn: 7, endColumn: 7 };

  /** What becomes of ranges one after the other, on three units of text each end. */
  function startsWithin(units: number, unit: ColumnUnit, count: number) {
    const measure = { lines: [line, 'ab'], unit, budget: new MeasureBudget(units) };
    return Array.from({ length: count }, () => rangeInUtf16(range, measure).startColumn);
  }

  it.each<[ColumnUnit, number, (number | undefined)[]]>([
    ['utf8', 24, [4, 4]],
    ['utf8', 17, [4, undefined]],
    ['utf8', 5, [undefined, undefined]],
    ['code-points', 6, [8, undefined]],
    ['utf16', 0, [7, 7]],
  ])('is for columns in %s: with %i units', (unit, units, expected) => {
    expect(startsWithin(units, unit, 2)).toEqual(expected);
  });

  it('once gone, is gone for what would still have fitted', () => {
    const budget = new MeasureBudget(5);
    expect([budget.take(3), budget.take(3), budget.take(1)]).toEqual([true, false, false]);
  });

  it('leaves out an edit that it does not reach to', () => {
    const measure = { lines: [line], unit: 'utf8', budget: new MeasureBudget(8) } as const;
    const edit = { startLine: 1, startColumn: 7, endLine: 1, endColumn: 7, newText: '' };
    expect(editInUtf16(edit, measure)).toBeUndefined();
  });
});
