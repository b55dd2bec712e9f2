import { expect, it } from 'vitest';
import { recorded, takenFrom } from '../../support/report/real-report.ts';

const js = { 'src/a.js': recorded('workspace/src/a.js') };
const token = ['ghp', '0123456789abcdefghijABCDEFGHIJ012345'].join('_');
const secret = `const t = "😀é"; const u = "${token}";\n`;

it.each<[string, Readonly<Record<string, string>>, unknown[][]]>([
  [
    'biome.sarif',
    js,
    [
      ['lint/complexity/noExtraBooleanCast', 'info', '!!(s)'],
      ['lint/style/useConst', 'warning', 'let'],
      ['lint/suspicious/noDebugger', 'error', 'debugger;'],
      ['lint/suspicious/noDoubleEquals', 'error', '=='],
      ['lint/suspicious/noDebugger', 'error', 'debugger;'],
    ],
  ],
  [
    'eslint.sarif',
    js,
    [
      ['no-extra-boolean-cast', 'error', '!!(s)'],
      ['no-debugger', 'error', 'debugger;'],
      ['prefer-const', 'warning', 'unused'],
      ['eqeqeq', 'error', '=='],
    ],
  ],
  [
    'oxlint.sarif',
    js,
    [
      ['eslint(no-extra-boolean-cast)', 'warning', '!!(s)'],
      ['eslint(no-debugger)', 'warning', 'debugger;'],
    ],
  ],
  [
    'markdownlint.sarif',
    { 'docs/a.md': recorded('workspace/docs/a.md') },
    [
      ['MD001', 'error', { startLine: 3, endLine: 3 }],
      ['MD034', 'error', 'http://example.com'],
    ],
  ],
  [
    'stylelint.sarif',
    { 'src/a.css': recorded('workspace/src/a.css') },
    [
      ['declaration-block-no-duplicate-properties', 'error', 'color: RED; color: RED }'],
      [
        'declaration-block-single-line-max-declarations',
        'error',
        '{ content: "😀é"; color: RED; color: RED }',
      ],
      ['value-keyword-case', 'error', 'RED; color: RED }'],
      ['value-keyword-case', 'error', 'RED }'],
    ],
  ],
  [
    'secretlint.sarif',
    { 'src/secret.js': secret },
    [
      [
        '@secretlint/secretlint-rule-preset-recommend > @secretlint/secretlint-rule-github',
        'error',
        token,
      ],
    ],
  ],
])('the columns of %s mark what its tool means', async (name, head, rows) => {
  const taken = await takenFrom({ 'report.sarif': recorded(name) }, head);
  expect(taken.rows).toEqual(rows);
  expect([taken.toolErrors, taken.refused, taken.files]).toEqual([[], [], {}]);
});

it.each<[string, unknown[][], string]>([
  [
    'biome.rdjson',
    [
      ['lint/complexity/noExtraBooleanCast', 'info', '!!(s)'],
      ['lint/style/useConst', 'warning', 'let'],
      ['lint/suspicious/noDebugger', 'error', 'debugger;'],
      ['lint/suspicious/noDoubleEquals', 'error', '=='],
      ['lint/suspicious/noDebugger', 'error', 'debugger;'],
    ],
    // What `biome lint --write --unsafe` makes of it.
    'const s = "😀é"; if ((s)) { }\nconst unused = 1;\nif (s === unused) {\n}\n',
  ],
  [
    'eslint.rdjson',
    [
      ['no-extra-boolean-cast', 'error', '!!(s)'],
      ['no-debugger', 'error', 'debugger;'],
      ['prefer-const', 'warning', 'unused'],
      ['eqeqeq', 'error', '=='],
    ],
    // What `eslint --fix` makes of it.
    js['src/a.js'].replace('!!(s)', 's').replace('let', 'const'),
  ],
])('the columns and fixes of %s are what its tool means', async (name, rows, fixed) => {
  const taken = await takenFrom({ 'report.rdjson': recorded(name) }, js);
  expect(taken.rows).toEqual(rows);
  expect([taken.toolErrors, taken.refused]).toEqual([[], []]);
  expect(taken.files).toEqual({ 'src/a.js': fixed });
});
