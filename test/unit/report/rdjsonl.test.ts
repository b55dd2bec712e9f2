import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderLocal } from '../../../src/report/local.ts';
import { reportIn } from '../../support/report/left-report.ts';
import { sampleFinding, sampleOutcome } from '../../support/report/samples.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function render(
  findings: readonly object[],
  source: Uint8Array | undefined,
  after?: string,
): string {
  return renderLocal({
    format: 'rdjsonl',
    outcome: sampleOutcome({ findings: findings.map((one) => sampleFinding({ ...one })) }),
    files:
      after === undefined || !source ? [] : [{ path: 'a', before: source, after: bytes(after) }],
    sources: new Map(source ? [['a', source]] : []),
    gate: null,
    isColoured: false,
  });
}

function rowsOf(text: string): unknown[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]));
}

const range = { startLine: 1, endLine: 1, startColumn: 4, endColumn: 5 };

test('a finding is a line, worst first, its columns in bytes', () => {
  const related = [
    { path: 'b', range, message: 'here\u202e' },
    { path: 'c', message: 'there' },
  ];
  const text = render(
    [
      { path: 'a', severity: 'warning', range: undefined, helpUrl: 'https://example.com/' },
      { path: 'a', range, message: 'say\u202e', related },
    ],
    bytes('é😀b = 1\n'),
    'é😀c = 1\n',
  );
  expect(rowsOf(text)).toEqual([
    {
      message: 'say[U+202E]',
      location: {
        path: 'a',
        range: { start: { line: 1, column: 7 }, end: { line: 1, column: 8 } },
      },
      severity: 'ERROR',
      source: { name: 'ruff' },
      code: { value: 'F821' },
      suggestions: [
        {
          range: { start: { line: 1, column: 1 }, end: { line: 2, column: 1 } },
          text: 'é😀c = 1\n',
        },
      ],
      related_locations: [
        {
          message: 'here[U+202E]',
          location: { path: 'b', range: { start: { line: 1 }, end: { line: 1 } } },
        },
        { message: 'there', location: { path: 'c' } },
      ],
    },
    {
      message: 'Undefined name `totl`',
      location: { path: 'a' },
      severity: 'WARNING',
      source: { name: 'ruff' },
      code: { value: 'F821', url: 'https://example.com/' },
    },
  ]);
});

test.each<[string, object, Uint8Array | undefined, object]>([
  ['a start alone', { startColumn: 4 }, bytes('é😀b\n'), { start: { line: 1, column: 7 } }],
  ['no columns', {}, bytes('a\n'), { start: { line: 1 }, end: { line: 1 } }],
  [
    'columns of a file that is not there',
    range,
    undefined,
    { start: { line: 1 }, end: { line: 1 } },
  ],
  ['columns of no text', range, Uint8Array.of(0xff), { start: { line: 1 }, end: { line: 1 } }],
])('a range with %s', (_what, columns, source, expected) => {
  const text = render([{ path: 'a', range: { startLine: 1, endLine: 1, ...columns } }], source);
  expect(rowsOf(text)).toMatchObject([{ location: { range: expected } }]);
});

test('no character that hides something, and no line break, is in a line', () => {
  const path = 'a\u202e\u2028b';
  const text = render([{ path, message: 'x\ny' }], undefined);
  expect(text.match(/\n/g)).toHaveLength(1);
  expect(text).not.toMatch(/[\u202e\u2028]/);
  expect(rowsOf(text)).toMatchObject([{ location: { path }, message: 'x\ny' }]);
});

test('nothing found is nothing written', () => {
  expect(render([], undefined)).toBe('');
});

test('what we write is read again, whatever the line', () => {
  const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n\ufeff]/g, ''));
  fc.assert(
    fc.property(line, fc.nat(), (content, pick) => {
      const starts = Array.from(content).map(
        (_, index, all) => all.slice(0, index).join('').length + 1,
      );
      const startColumn = starts[pick % Math.max(1, starts.length)] ?? 1;
      const place = { startLine: 1, endLine: 1, startColumn, endColumn: content.length + 1 };
      const text = render([{ path: 'a', range: place }], bytes(content || ' '));
      const [finding] = reportIn({ 'report.rdjsonl': text }).findings;
      const before = content.slice(0, startColumn - 1);
      expect(finding).toMatchObject({ rule: 'F821', severity: 'error', path: 'a' });
      expect(finding?.range?.startColumn).toBe(Buffer.byteLength(before) + 1);
      expect(finding?.range?.endColumn).toBe(Buffer.byteLength(content) + 1);
    }),
  );
});
