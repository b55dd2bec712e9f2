import { describe, expect, test } from 'vitest';
import { hasHiddenCharacters } from '../../../src/domain/hidden-characters.ts';
import { renderLocal } from '../../../src/report/local.ts';
import type { LocalReport } from '../../../src/report/local-report.ts';
import { sampleFinding, sampleOutcome } from '../../support/report/samples.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function render(fields: Partial<LocalReport> = {}): string {
  return renderLocal({
    format: 'text',
    outcome: sampleOutcome(),
    files: [],
    sources: new Map(),
    gate: null,
    isColoured: false,
    ...fields,
  });
}

const withFinding = (fields: Record<string, unknown> = {}) =>
  sampleOutcome({ findings: [sampleFinding(fields)] });
const sourced = (text: string | Uint8Array) =>
  new Map([['src/a.py', typeof text === 'string' ? bytes(text) : text]]);

describe('text', () => {
  test('nothing found is one line', () => {
    expect(render()).toBe('no findings (12.3 s)\n');
  });

  test('says which files that steer agents are not those of the head', () => {
    const replaced = [
      { path: 'CLAUDE.md', what: 'base' as const },
      { path: 'a\n.npmrc', what: 'absent' as const },
      { path: 'package.json', what: 'head' as const },
    ];
    expect(render({ outcome: sampleOutcome({ replaced }) })).toBe(
      [
        'steers agents: CLAUDE.md (given as the base has it)',
        'steers agents: a .npmrc (not given)',
        'steers agents: package.json (imported, and given as the head has it)',
        'no findings (12.3 s)\n',
      ].join('\n'),
    );
  });

  test('points at the place in the source', () => {
    expect(render({ outcome: withFinding(), sources: sourced('a\nb\n    totl = 1\n') })).toBe(
      [
        'src/a.py:3:5: error ruff/F821: Undefined name `totl`',
        '    3 |     totl = 1',
        '      |     ^^^^',
        '1 error (12.3 s)\n',
      ].join('\n'),
    );
  });

  test.each([
    ['tabs are kept', '\t\tx = 1', { startColumn: 3, endColumn: 4 }, '\t\t^'],
    ['wide characters take two columns', '文文x', { startColumn: 3, endColumn: 4 }, '    ^'],
    ['emoji are one mark', '"😀"x', { startColumn: 2, endColumn: 4 }, ' ^^'],
    ['combining marks take none', 'e\u0301x', { startColumn: 3, endColumn: 4 }, ' ^'],
    [
      'a hidden character is shown and counted',
      'a\u202eb',
      { startColumn: 2, endColumn: 3 },
      ` ${'^'.repeat(8)}`,
    ],
    ['no columns mark the code of the line', '  foo()', {}, '  ^^^^^'],
    ['a start alone marks one character', 'abc', { startColumn: 2 }, ' ^'],
    ['a range over lines marks the rest', 'abc', { startColumn: 2, endLine: 4 }, ' ^^'],
    ['a column beyond the line marks its end', 'abc', { startColumn: 99, endColumn: 100 }, '   ^'],
    ['an end before the start marks one', 'abc', { startColumn: 3, endColumn: 1 }, '  ^'],
    ['CRLF is not part of the line', 'ab\r', { startColumn: 1, endColumn: 9 }, '^^'],
  ])('%s', (...[, line, columns, pointer]) => {
    const range = { startLine: 3, endLine: 3, ...columns };
    const text = render({ outcome: withFinding({ range }), sources: sourced(`1\n2\n${line}\n`) });
    expect(text.split('\n')[2]).toBe(`      | ${pointer}`);
  });

  test.each([
    ['no such file', new Map<string, Uint8Array>()],
    ['no such line', sourced('one\n')],
    ['a file that is not text', sourced(Uint8Array.of(0xff, 10, 10, 10))],
  ])('%s: the finding stands without its line', (_name, sources) => {
    expect(render({ outcome: withFinding(), sources }).split('\n')).toHaveLength(3);
  });

  test('findings come by path and line, those about a whole file first', () => {
    const findings = [
      sampleFinding({ path: 'b', range: { startLine: 2, endLine: 2 } }),
      sampleFinding({ path: 'b', range: undefined, severity: 'info' }),
      sampleFinding({ path: 'a', range: { startLine: 9, endLine: 9 } }),
      sampleFinding({ path: 'a', range: { startLine: 1, endLine: 1 } }),
    ];
    const lines = render({ outcome: sampleOutcome({ findings }) }).split('\n');
    expect(lines.map((line) => /^[ab](?::\d+)?(?=: )/.exec(line)?.[0])).toEqual([
      'a:1',
      'a:9',
      'b',
      'b:2',
      undefined,
      undefined,
    ]);
  });

  test('nothing from a sandbox can drive the terminal or pass for a line of ours', () => {
    const message = 'x\x1b[2J\nsrc/z.py:1: error\n::add-mask::y\r';
    const outcome = sampleOutcome({
      findings: [sampleFinding({ message, path: 'a\nb\u202e', rule: '\x1b]0;t\x07' })],
      toolErrors: [{ tool: 'ruff', message: 'no\n::error::' }],
      refused: [{ path: 'x\n::error::', reason: 'symlink' }],
    });
    const text = render({ outcome, sources: new Map([['a\nb\u202e', bytes('1\n2\n\x1b[0m\n')]]) });
    expect(hasHiddenCharacters(text)).toBe(false);
    expect(text).not.toMatch(/^\s*::/m);
    expect(text).not.toMatch(/^src\/z/m);
    expect(text).toContain('could not run: ruff: no ::error::\nleft out: x ::error:: (symlink)\n');
  });

  test('colours are ours alone and only on request', () => {
    const text = render({
      outcome: withFinding(),
      sources: sourced('a\nb\ntotl x\n'),
      isColoured: true,
    });
    expect(text).toContain('\x1b[1msrc/a.py:3:5\x1b[0m: \x1b[31merror\x1b[0m ');
    expect(text).toContain('\x1b[31m    ^^\x1b[0m\n');
  });

  test('shows the patch on request and always says that there is one', () => {
    const files = [{ path: 'f', before: bytes('a\n'), after: bytes('b\n') }];
    const patch = '--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a\n+b\n';
    expect(render({ files })).toBe('no findings; changes to 1 file (12.3 s)\n');
    expect(render({ files, gate: { status: 'approvable', reasons: [] } })).toBe(
      `${patch}gate: the patch would wait for approval\nno findings; changes to 1 file (12.3 s)\n`,
    );
    expect(render({ gate: { status: 'empty', reasons: [] } })).toBe(
      'gate: nothing to fix\nno findings (12.3 s)\n',
    );
  });

  test('a coloured patch tells what goes and what comes, and its header from its lines', () => {
    const files = [{ path: 'f', before: bytes('-- a\nc\n'), after: bytes('b\nc\n') }];
    const gate = { status: 'approvable', reasons: [] } as const;
    expect(render({ files, gate, isColoured: true })).toContain(
      '\x1b[1m--- a/f\x1b[0m\n\x1b[1m+++ b/f\x1b[0m\n\x1b[36m@@ -1,2 +1,2 @@\x1b[0m\n' +
        '\x1b[31m--- a\x1b[0m\n\x1b[32m+b\x1b[0m\n c\n',
    );
  });

  test('says what gate 2 would refuse, and a reason cannot pass for a line of ours', () => {
    const gate = { status: 'refused', reasons: ['"a": mode', 'b\n::error::\u202e'] } as const;
    expect(render({ gate })).toBe(
      [
        'gate: the patch would not be let through',
        '    "a": mode',
        '    b ::error::[U+202E]',
        'no findings (12.3 s)\n',
      ].join('\n'),
    );
  });
});

describe('json', () => {
  test('is the same for the same outcome in any order, and parses to what was found', () => {
    const findings = [
      sampleFinding({ helpUrl: 'https://e.example/x' }),
      sampleFinding({ path: 'b', range: undefined }),
    ];
    const one = render({ format: 'json', outcome: sampleOutcome({ findings }) });
    const other = render({
      format: 'json',
      outcome: sampleOutcome({ findings: findings.toReversed() }),
    });
    expect(one).toBe(other);
    expect(JSON.parse(one)).toMatchObject({
      version: 1,
      findings: [
        { path: 'b', range: null, helpUrl: null },
        { path: 'src/a.py', severity: 'error' },
      ],
      toolErrors: [],
    });
    expect(one).not.toContain('"patch"');
  });

  test('has the patch and what gate 2 says of it when a patch was asked for', () => {
    const files = [{ path: 'f', before: bytes('a\n'), after: bytes('b\n') }];
    const gate = { status: 'refused', reasons: ['"f": protected by "f"'] } as const;
    expect(JSON.parse(render({ files, format: 'json', gate }))).toMatchObject({
      patch: '--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-a\n+b\n',
      gate,
    });
    expect(JSON.parse(render({ files, format: 'json' }))).not.toHaveProperty('gate');
  });

  test('lists the changes by digest', () => {
    const changes = [{ path: 'f', before: null, after: sampleOutcome().inputDigest }];
    const outcome = sampleOutcome({ changes: changes as never });
    expect(JSON.parse(render({ format: 'json', outcome }))).toMatchObject({ changes });
  });

  test('spells hidden characters as escapes and keeps their value', () => {
    const message = 'a\u202e\u{e0041}\u009b b';
    const json = render({ format: 'json', outcome: withFinding({ message }) });
    expect(hasHiddenCharacters(json)).toBe(false);
    expect(JSON.parse(json)).toMatchObject({ findings: [{ message }] });
  });
});
