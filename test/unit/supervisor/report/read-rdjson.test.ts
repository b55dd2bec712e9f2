import { describe, expect, it } from 'vitest';
import { readLeft, reportIn } from '../../../support/report/left-report.ts';

const range = { start: { line: 3, column: 5 }, end: { line: 3, column: 9 } };
const diagnostic = { message: 'say', location: { path: 'src/a.js', range } };

function read(diagnostics: readonly object[], result: object = {}) {
  return reportIn({ 'report.rdjson': JSON.stringify({ diagnostics, ...result }) });
}

function one(fields: object, result: object = {}) {
  return read([{ ...diagnostic, ...fields }], result).findings[0];
}

it('a diagnostic is a finding of its tool', () => {
  const code = { value: 'R1', url: 'https://example.com/R1' };
  const source = { name: 'Lint', url: 'https://example.com' };
  expect(read([{ ...diagnostic, code, severity: 'ERROR' }], { source })).toEqual({
    findings: [
      {
        tool: 'lint',
        rule: 'R1',
        severity: 'error',
        path: 'src/a.js',
        range: { startLine: 3, endLine: 3, startColumn: 5, endColumn: 9 },
        message: 'say',
        helpUrl: 'https://example.com/R1',
        columnUnit: 'unknown',
      },
    ],
    tools: [{ name: 'lint', version: '?' }],
    toolErrors: [],
  });
});

it('a tool that found nothing has run', () => {
  const tools = [{ name: 'lint', version: '?' }];
  const source = { name: 'lint' };
  expect(read([], { source })).toEqual({ findings: [], tools, toolErrors: [] });
  expect(reportIn({ 'report.rdjson': '{}' })).toEqual({ findings: [], tools: [], toolErrors: [] });
});

it('the lines of rdjsonl are diagnostics, each of its own tool', () => {
  const lines = [
    JSON.stringify({ ...diagnostic, source: { name: 'a' } }),
    '',
    JSON.stringify({ ...diagnostic, severity: 3 }),
  ];
  const { findings, tools } = reportIn({ 'report.rdjsonl': `${lines.join('\r\n')}\n` });
  expect(findings.map(({ tool, severity }) => [tool, severity])).toEqual([
    ['a', 'warning'],
    ['rdjson', 'info'],
  ]);
  expect(tools.map(({ name }) => name)).toEqual(['a', 'rdjson']);
  expect(reportIn({ 'report.rdjsonl': '' }).findings).toEqual([]);
});

it.each<[string, string, RegExp]>([
  ['a line that is no JSON', '{}\n{"message":', /not JSON on line 2/],
  ['a line of another shape', `${JSON.stringify(diagnostic)}\n{}\n`, /not valid at 1\.message: /],
  ['a line that is no object', 'null', /not valid at 0: /],
])('%s is an error by name', (_what, text, error) => {
  expect(readLeft({ 'report.rdjsonl': text }).reportError).toMatch(error);
});

it.each<[unknown, unknown, string]>([
  ['ERROR', undefined, 'error'],
  [1, undefined, 'error'],
  ['INFO', 'ERROR', 'info'],
  ['UNKNOWN_SEVERITY', 'ERROR', 'error'],
  [0, 2, 'warning'],
  [undefined, 3, 'info'],
  ['fatal', undefined, 'warning'],
])('severity %j in a result of severity %j is %s', (severity, all, expected) => {
  expect(one({ severity }, { severity: all })?.severity).toBe(expected);
});

describe('the path', () => {
  it.each([
    ['src/a.js', 'src/a.js'],
    ['./src//a.js', 'src/a.js'],
    ['/workspace/src/a.js', 'src/a.js'],
    ['src/%41.js', 'src/%41.js'],
  ])('%s is %s', (path, expected) => {
    expect(one({ location: { path } })?.path).toBe(expected);
  });

  it.each([
    ['../../etc/passwd'],
    ['/etc/passwd'],
    ['/workspace-2/a'],
    ['.git/config'],
    [''],
    ['a\0'],
  ])('%j is nowhere, and the loss is told', (path) => {
    const message = '1 of its results are about no file of the repository';
    expect(read([{ ...diagnostic, location: { path } }, diagnostic])).toMatchObject({
      findings: [{ path: 'src/a.js' }],
      toolErrors: [{ tool: 'rdjson', message }],
    });
  });
});

it.each<[string, object | null, object | undefined]>([
  ['lines', { start: { line: 2 }, end: { line: 4 } }, { startLine: 2, endLine: 4 }],
  ['a line', { start: { line: 2 } }, { startLine: 2, endLine: 2 }],
  ['a place', { start: { line: 2, column: 3 } }, { startLine: 2, endLine: 2, startColumn: 3 }],
  [
    'an end before its start',
    { start: { line: 2, column: 9 }, end: { line: 2, column: 3 } },
    { startLine: 2, endLine: 2, startColumn: 9 },
  ],
  ['an end line before it', { start: { line: 5 }, end: { line: 2 } }, { startLine: 5, endLine: 5 }],
  ['a column past every line', { start: { line: 2, column: 1e8 } }, { startLine: 2, endLine: 2 }],
  ['line 0', { start: { line: 0, column: 0 } }, undefined],
  ['a negative line', { start: { line: -1 } }, undefined],
  ['an end alone', { end: { line: 3 } }, undefined],
  ['nothing', null, undefined],
])('a range of %s', (_what, place, expected) => {
  expect(one({ location: { path: 'a.js', range: place } })?.range).toEqual(expected);
});

describe('suggestions', () => {
  const edit = { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9, newText: 'new' };
  const line = { startLine: 3, startColumn: 1, endLine: 3, newText: 'new' };
  const { start } = range;
  it.each<[string, object, object]>([
    ['columns', { range, text: 'new' }, edit],
    ['a place', { range: { start }, text: 'new' }, { ...edit, endColumn: 5 }],
    ['a line', { range: { start: { line: 3 } }, text: 'new\n' }, line],
    [
      'the rest of lines',
      { range: { start, end: { line: 4 } }, text: 'new' },
      { startLine: 3, startColumn: 5, endLine: 4, newText: 'new' },
    ],
    [
      'the start of a line',
      { range: { start: { line: 3 }, end: range.end }, text: 'new' },
      { ...edit, startColumn: 1 },
    ],
    [
      'lines to take away',
      { range: { start: { line: 3 } } },
      { ...line, endLine: 4, endColumn: 1, newText: '' },
    ],
  ])('of %s are a fix', (_what, suggestion, expected) => {
    expect(one({ suggestions: [suggestion] })?.fix?.edits).toEqual([expected]);
  });

  it('that do not overlap are one fix, and otherwise the first one is', () => {
    const other = {
      range: { start: { line: 3, column: 9 }, end: { line: 4, column: 1 } },
      text: '',
    };
    const later = { range: { start: { line: 4 } }, text: 'x' };
    const count = (...suggestions: object[]) => one({ suggestions })?.fix?.edits.length;
    expect(count({ range, text: 'new' }, other)).toBe(2);
    expect(count(other, { range, text: 'new' })).toBe(2);
    expect(count(later, { range, text: 'new' })).toBe(2);
    expect(count({ range, text: 'a' }, { range, text: 'b' })).toBe(1);
    expect(count({ range: { start: { line: 3 } }, text: 'a' }, other)).toBe(1);
    expect(count()).toBeUndefined();
  });

  it('that have no place leave a word on the finding', () => {
    const finding = one({
      suggestions: [
        { range, text: 'a' },
        { range: {}, text: 'b' },
      ],
    });
    expect(finding).not.toHaveProperty('fix');
    expect(finding?.message).toContain('Its fix was left out');
  });
});

it('related places keep their lines', () => {
  const related_locations = [
    { message: 'here', location: { path: 'b.js', range } },
    { location: { path: 'b.js' } },
    { message: 'out', location: { path: '/etc/passwd' } },
    { message: 'nowhere' },
  ];
  expect(one({ related_locations })?.related).toEqual([
    { path: 'b.js', range: { startLine: 3, endLine: 3 }, message: 'here' },
    { path: 'b.js', message: 'see also' },
  ]);
});
