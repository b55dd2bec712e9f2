import { describe, expect, test } from 'vitest';
import { Finding } from '../../../src/domain/finding.ts';
import {
  addedFlags,
  columnFromBytes,
  columnFromCodePoints,
  splitKeepingEnds,
  splitLines,
} from '../../../workers/agents/linters/lines.ts';
import { makeFinding, oneLine } from '../../../workers/agents/linters/make-finding.ts';
import { source } from './source.ts';

describe('columns', () => {
  const line = 'é😀x';
  test.each([
    [1, 1, 1],
    [2, 3, 2],
    [3, 7, 4],
    [4, 8, 5],
    [99, 99, 5],
  ])('code point %i and byte %i are UTF-16 column %i', (codePoint, byte, utf16) => {
    expect(columnFromCodePoints(line, codePoint)).toBe(utf16);
    expect(columnFromBytes(line, byte)).toBe(utf16);
  });
});

describe('lines', () => {
  test.each([
    ['', [], []],
    ['a', ['a'], ['a']],
    ['a\n', ['a'], ['a\n']],
    ['a\r\nb', ['a\r', 'b'], ['a\r\n', 'b']],
    ['\n\n', ['', ''], ['\n', '\n']],
  ])('%j splits the way git counts', (text, plain, kept) => {
    expect(splitLines(text)).toEqual(plain);
    expect(splitKeepingEnds(text)).toEqual(kept);
  });

  test('added ranges beyond the end of the file are cut', () => {
    expect(addedFlags(3, [[2, 1e9]])).toEqual([false, true, true]);
    expect(addedFlags(2, [[7, 9]])).toEqual([false, false]);
  });
});

describe('makeFinding', () => {
  const file = source('a.txt', 'one\ntwo\n');
  const raw = { tool: 't', rule: 'r', severity: 'info', message: 'm' } as const;
  test.each([
    ['past the end', { line: 99, column: 3 }, { startLine: 2, endLine: 2 }],
    ['line zero', { line: 0, column: 1 }, undefined],
    ['column zero', { line: 1, column: 0 }, { startLine: 1, endLine: 1 }],
    ['not a number', { line: Number.NaN, column: 1 }, undefined],
    [
      'an end before its start',
      { line: 2, column: 2, endLine: 1, endColumn: 1 },
      { startLine: 2, endLine: 2, startColumn: 2 },
    ],
    [
      'a whole place',
      { line: 1, column: 1, endLine: 2, endColumn: 4 },
      { startLine: 1, endLine: 2, startColumn: 1, endColumn: 4 },
    ],
  ])('a place that is %s still makes a valid finding', (_, place, range) => {
    const finding = makeFinding(file, { ...raw, place });
    expect(finding.range).toEqual(range);
    expect(Finding.safeParse(finding).success).toBe(true);
  });

  test.each([
    ['line\nbreaks\r\n\u2028here', 'line breaks here'],
    ['\u001b[31mred', '[31mred'],
    ['\n\n', '?'],
    ['\ud800', '\ufffd'],
    ['x'.repeat(50), `${'x'.repeat(19)}…`],
  ])('text %j is made to fit', (text, expected) => {
    expect(oneLine(text, 20)).toBe(expected);
  });
});
