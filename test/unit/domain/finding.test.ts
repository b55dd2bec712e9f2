import { describe, expect, it } from 'vitest';
import { Finding, Range } from '../../../src/domain/finding.ts';
import { sampleFinding } from '../../support/report/samples.ts';

const where = { startLine: 3, endLine: 3 };

describe('Range', () => {
  it.each([
    ['one line', where],
    ['several', { startLine: 3, endLine: 9 }],
    ['columns', { ...where, startColumn: 1, endColumn: 1 }],
  ])('takes %s', (_what, range) => {
    expect(Range.parse(range)).toEqual(range);
  });

  it.each([
    ['an end before its start', { startLine: 4, endLine: 3 }],
    ['line 0', { startLine: 0, endLine: 3 }],
    ['a negative line', { startLine: -1, endLine: 3 }],
    ['half a line', { startLine: 1.5, endLine: 3 }],
    ['NaN', { startLine: Number.NaN, endLine: 3 }],
    ['infinity', { startLine: 1, endLine: Number.POSITIVE_INFINITY }],
    ['a line past every file', { startLine: 1, endLine: 10_000_001 }],
    ['a line as text', { startLine: '3', endLine: 3 }],
    ['column 0', { ...where, startColumn: 0 }],
    ['no end', { startLine: 3 }],
    ['an unknown field', { ...where, byteOffset: 7 }],
    ['nothing', null],
  ])('refuses %s', (_what, range) => {
    expect(Range.safeParse(range).success).toBe(false);
  });
});

describe('Finding', () => {
  it('takes one about a file as a whole', () => {
    const { range: _range, ...whole } = sampleFinding();
    expect(Finding.parse(whole)).toEqual(whole);
  });

  it('takes all that a tool may know', () => {
    const known = {
      ...sampleFinding(),
      confidence: 'high',
      related: [{ path: 'src/b.py', range: where, message: 'defined here' }],
      toolFingerprint: 'primaryLocationLineHash=39fa2ee980eb94b0:1',
    };
    expect(Finding.parse(known)).toEqual(known);
  });

  it.each([
    ['a path out of the repository', { path: '../../etc/passwd' }],
    ['a path into .git', { path: 'a/.GIT/config' }],
    ['an absolute path', { path: '/etc/passwd' }],
    ['a tool name that is Markdown', { tool: '[x](https://example.com)' }],
    ['a tool name without end', { tool: 'a'.repeat(65) }],
    ['no message', { message: '' }],
    ['a message without end', { message: 'x'.repeat(8_001) }],
    ['no rule', { rule: '' }],
    ['a rule without end', { rule: 'x'.repeat(201) }],
    ['an unknown severity', { severity: 'fatal' }],
    ['a link that is a script', { helpUrl: 'javascript:alert(1)' }],
    ['a link without TLS', { helpUrl: 'http://example.com/' }],
    ['a link without end', { helpUrl: `https://example.com/${'x'.repeat(1_000)}` }],
    ['a confidence of its own', { confidence: 'certain' }],
    ['a related place out of the repository', { related: [{ path: '../x', message: 'm' }] }],
    ['a related place that says nothing', { related: [{ path: 'x', message: '' }] }],
    [
      'eleven related places',
      { related: Array.from({ length: 11 }, () => ({ path: 'x', message: 'm' })) },
    ],
    ['a fingerprint without end', { toolFingerprint: 'x'.repeat(201) }],
    ['a fix, which is only ever a changed file', { fix: { edits: [] } }],
    ['a field of its own', { suggestion: 'rm -rf' }],
  ])('refuses %s', (_what, fields) => {
    expect(Finding.safeParse({ ...sampleFinding(), ...fields }).success).toBe(false);
  });
});
