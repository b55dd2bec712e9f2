import { describe, expect, test } from 'vitest';
import { readBiomeOutput } from '../../../workers/agents/linters/tools/biome-output.ts';
import {
  correctLine,
  proseLines,
  readMisspelling,
} from '../../../workers/agents/linters/tools/codespell-words.ts';
import {
  flake8Format,
  readFlake8Output,
} from '../../../workers/agents/linters/tools/flake8-output.ts';
import { applyFixes } from '../../../workers/agents/linters/tools/shellcheck-fix.ts';
import {
  readShellcheckOutput,
  shellcheckSeverity,
} from '../../../workers/agents/linters/tools/shellcheck-output.ts';
import { syntaxError } from '../../../workers/agents/linters/tools/toml.ts';
import { brief, captured, source } from './source.ts';

describe('Biome output', () => {
  const ts =
    'import fs from "fs";\nlet x = 1;\nconst s = "é😀"; if (s == "a") { debugger }\nexport function f(a: any) { var y = x; return `abc` + y }\n';
  const files = [
    source('a b.ts', ts),
    source('-n\nl.js', 'let q = 1;\n'),
    source('bad.js', 'let a = ;\n'),
  ];

  test('becomes diagnostics of exactly the files asked for', () => {
    const found = readBiomeOutput(captured('biome.json'), files) ?? [];
    expect(brief(found.flatMap(({ finding }) => finding ?? []))).toEqual([
      'info a b.ts:1:16 lint/style/useNodejsImportProtocol',
      'info a b.ts:4:47 lint/style/useTemplate',
      'warning -n\nl.js:1:1 lint/style/useConst',
      'warning a b.ts:4:22 lint/suspicious/noExplicitAny',
      'warning a b.ts:1:8 lint/correctness/noUnusedImports',
      'warning a b.ts:2:1 lint/style/useConst',
      'warning a b.ts:4:19 lint/correctness/noUnusedFunctionParameters',
      'warning bad.js:1:1 lint/style/useConst',
      'warning bad.js:1:5 lint/correctness/noUnusedVariables',
      'error a b.ts:3:24 lint/suspicious/noDoubleEquals',
      'error a b.ts:3:34 lint/suspicious/noDebugger',
      'error bad.js:1:9 parse',
    ]);
    expect(found.filter(({ finding }) => finding === null).map(({ file }) => file.path)).toEqual([
      '-n\nl.js',
      'a b.ts',
      'a b.ts',
      'bad.js',
    ]);
  });

  test.each([
    ['nothing', ''],
    ['half a report', captured('biome.json').slice(0, 900)],
    ['another shape', '{"diagnostics":[{}]}'],
    ['a file that was not processed', captured('biome-io-error.json')],
    ['a file nobody asked about', captured('biome.json').replaceAll('bad.js', '../x')],
  ])('%s is a failure, not a clean bill', (_, stdout) => {
    expect(readBiomeOutput(stdout, files)).toBeNull();
  });
});

describe('flake8 output', () => {
  const file = source('ff.py', captured('ff.py.txt'));
  const stdout = captured('flake8.txt');

  test('a message that imitates a row stays a message; columns become UTF-16', () => {
    const rows = readFlake8Output(stdout, 'NONCE', [file]) ?? [];
    expect(brief(rows.map(({ finding }) => finding))).toEqual([
      'warning ff.py:1:5 F504',
      'info ff.py:2:6 E702',
      'error ff.py:2:8 F821',
      'info ff.py:3:6 E203',
      'info ff.py:3:7 E702',
      'info ff.py:3:7 E231',
    ]);
    expect(rows[0]?.finding.message).toContain('0123|9|1|E999|./other.py');
  });

  test.each([
    ['words before the first row', `Traceback\n${stdout}`],
    ['half a row', stdout.slice(0, stdout.lastIndexOf('NONCE'))],
    ['a path nobody asked about', stdout.replaceAll('./ff.py', './other.py')],
  ])('%s is a failure', (_, text) => {
    expect(readFlake8Output(text, 'NONCE', [file])).toBeNull();
  });

  test('an empty output has no rows', () => {
    expect(readFlake8Output('', 'NONCE', [file])).toEqual([]);
  });

  test('the format asks for the nonce twice a row', () => {
    expect(flake8Format('NONCE').split('NONCE')).toHaveLength(3);
  });
});

describe('shellcheck output', () => {
  const comments = readShellcheckOutput(captured('shellcheck.json')) ?? [];
  const fixes = comments.flatMap(({ file, fix }) =>
    file === './b.sh' && fix ? [fix.replacements] : [],
  );

  test('its replacements are applied in code points, each whole', () => {
    expect(applyFixes(captured('b.sh'), fixes)).toBe(
      '#!/bin/bash\n\tfoo=$1\necho "é😀" "$foo" $(date)\ncat "$foo" | grep x\n',
    );
  });

  test('of two that overlap only the first is applied', () => {
    const at = (column: number, endColumn: number, replacement: string) => [
      { line: 1, endLine: 1, column, endColumn, replacement },
    ];
    expect(applyFixes('abcdef\n', [at(3, 5, 'X'), at(1, 4, 'Y')])).toBe('Ydef\n');
  });

  test('backticks with an escape inside are left alone', () => {
    const fix = [
      { line: 1, endLine: 1, column: 1, endColumn: 2, replacement: '$(' },
      { line: 1, endLine: 1, column: 6, endColumn: 7, replacement: ')' },
    ];
    expect(applyFixes('`a\\$b`\n', [fix])).toBe('`a\\$b`\n');
    expect(applyFixes('`a $b`\n', [fix])).toBe('$(a $b)\n');
  });

  test.each(['', '[]', '{"comments":[{}]}', '{"comments":'])('%j is a failure', (stdout) => {
    expect(readShellcheckOutput(stdout)).toBeNull();
  });

  test.each([
    ['error', 1073, 'error'],
    ['error', 2148, 'info'],
    ['warning', 2046, 'warning'],
    ['info', 2086, 'info'],
    ['style', 2006, 'info'],
  ])('level %s of SC%i is %s', (level, code, severity) => {
    expect(shellcheckSeverity(level, code)).toBe(severity);
  });
});

describe('codespell output', () => {
  test('is read row by row', () => {
    const rows = captured('codespell.txt').trim().split('\n').map(readMisspelling);
    expect(rows.map((row) => `${row?.line} ${row?.word} ${row?.suggestion}`)).toEqual([
      '1 teh the',
      '1 wich which',
      '1 langauge language',
      '1 teh the',
      '2 accessable accessible',
    ]);
  });

  test.each([
    ['0:1: ba ==> by, be', null],
    ['0:1: clas ==> class  | disabled because of name clash', null],
    ['0:1: alot ==> a lot', 'a lot'],
  ])('%j suggests %j', (row, suggestion) => {
    expect(readMisspelling(row)?.suggestion).toBe(suggestion);
  });

  test.each(['', 'WARNING: Binary file', '0:x: teh ==> the', '0:1: teh'])(
    '%j is not a row',
    (row) => {
      expect(readMisspelling(row)).toBeNull();
    },
  );

  test.each([
    ['Teh teh tehx `teh` end', 'teh', 'the', 'Teh the tehx `teh` end'],
    ['see [teh](x/teh.md) and teh', 'teh', 'the', 'see [teh](x/teh.md) and the'],
    ['https://a.example/teh teh', 'teh', 'the', 'https://a.example/teh the'],
    ['teh_name teh=1 teh', 'teh', 'the', 'teh_name teh=1 the'],
    ['<teh> teh', 'teh', 'the', '<teh> the'],
    ['😀 teh', 'teh', 'the', '😀 the'],
  ])('in %j', (line, word, suggestion, expected) => {
    expect(correctLine(line, word, suggestion)).toBe(expected);
  });

  test.each([
    [
      'a.md',
      ['text', '```', 'code', '```', 'text', '    code'],
      [true, false, false, false, true, false],
    ],
    ['a.py', ['# teh', 'teh = 1 # teh', '#!/usr/bin/teh', '  # teh'], [true, false, false, true]],
    ['a.ts', ['// teh', '/* teh', ' * teh', 'teh()', '*/ teh()'], [true, true, true, false, false]],
  ])('words of %s are corrected only where they are prose', (path, lines, expected) => {
    expect(proseLines(source(path, ''), lines)).toEqual(expected);
  });
});

describe('TOML errors', () => {
  const file = source('a.toml', 'a = 1\nb\n');
  test.each([
    ['Cannot overwrite a value (at line 2, column 1)', 2, 1, 'Cannot overwrite a value'],
    ['Unterminated string (at end of document)', 2, undefined, 'Unterminated string'],
    ['Anything else', 2, undefined, 'Anything else'],
  ])('%j', (message, line, column, words) => {
    const finding = syntaxError(file, message);
    expect(finding).toMatchObject({ message: words, severity: 'error' });
    expect(finding.range?.startLine).toBe(line);
    expect(finding.range?.startColumn).toBe(column);
  });
});
