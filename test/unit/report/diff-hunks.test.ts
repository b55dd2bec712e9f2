import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { unquotePath } from '../../../src/domain/unquote-path.ts';
import { isInsideOne, parseHunks } from '../../../src/report/diff-hunks.ts';

const folder = mkdtempSync(join(tmpdir(), 'hunks-'));
afterAll(() => rmSync(folder, { recursive: true }));

function git(...args: string[]): Buffer {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid'];
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', [...identity, ...args], { cwd: folder, env });
}

function write(name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}

const numbered = (count: number, changed: readonly number[] = []) =>
  Array.from(
    { length: count },
    (_, at) => `${changed.includes(at + 1) ? 'new' : 'line'} ${at + 1}\n`,
  );

const odd = [
  'plain.txt',
  'with space.txt',
  ' leading and trailing ',
  'b/dev/null',
  'a/b/a/b.txt',
  'x b/x',
  'tab\there',
  'new\nline',
  'quote"back\\slash',
  'ünïcödé/文件.txt',
  'emoji 😀.md',
  'bell\x07',
  '+++ b',
  '@@ -1 +1 @@',
];

describe("parseHunks on git's own output", () => {
  git('init', '-q', '-b', 'main');
  for (const name of odd) write(name, numbered(40).join(''));
  for (const name of ['gone.txt', 'moved.txt', 'moved-edited.txt', 'mode.txt']) {
    write(name, `${name}\n${numbered(30).join('')}`);
  }
  write('image.bin', Uint8Array.from([0, 1, 2, 255]));
  write('latin1.txt', Buffer.from('caf\xe9\n', 'latin1'));
  write('open.txt', 'a\nb');
  write('sql.sql', '-- drop\n++ plus\n-- keep\n');
  git('add', '-A');
  git('commit', '-qm', 'base');
  for (const name of odd) write(name, numbered(40, [2, 30]).join(''));
  write('new.txt', 'one\n');
  write('image.bin', Uint8Array.from([0, 9]));
  write('latin1.txt', Buffer.from('caf\xe8\n', 'latin1'));
  write('open.txt', 'a\nc');
  write('sql.sql', '-- keep\n++ b/forged\n@@ -1 +1,999 @@\ndiff --git a/x b/x\n');
  rmSync(join(folder, 'gone.txt'));
  git('mv', 'moved.txt', 'renamed.txt');
  git('mv', 'moved-edited.txt', 'renamed edited.txt');
  write('renamed edited.txt', `moved-edited.txt\n${numbered(30, [15]).join('')}`);
  chmodSync(join(folder, 'mode.txt'), 0o755);
  git('add', '-A');
  const options = ['diff', '--cached', '--no-color', '--find-renames', '-U3'];
  const prefixes = ['--src-prefix=a/', '--dst-prefix=b/'];
  const run = (quotePath: boolean) =>
    parseHunks(git('-c', `core.quotePath=${quotePath}`, ...options, ...prefixes));

  test.each([true, false])('every name comes back, with core.quotePath %s', (quotePath) => {
    const hunks = run(quotePath);
    for (const name of odd) {
      expect([name, hunks.get(name)]).toEqual([
        name,
        [
          { oldStart: 1, oldLines: 5, newStart: 1, newLines: 5 },
          { oldStart: 27, oldLines: 7, newStart: 27, newLines: 7 },
        ],
      ]);
    }
  });

  test('only files with lines to comment on have an entry', () => {
    const paths = [...run(true).keys()].filter((path) => !odd.includes(path)).sort();
    expect(paths).toEqual(['latin1.txt', 'new.txt', 'open.txt', 'renamed edited.txt', 'sql.sql']);
  });

  test('content that looks like headers is not a header', () => {
    expect(run(true).get('sql.sql')).toEqual([
      { oldStart: 1, oldLines: 3, newStart: 1, newLines: 4 },
    ]);
  });

  test('a missing final newline and a new file keep their counts', () => {
    const hunks = run(true);
    expect(hunks.get('open.txt')).toEqual([{ oldStart: 1, oldLines: 2, newStart: 1, newLines: 2 }]);
    expect(hunks.get('new.txt')).toEqual([{ oldStart: 0, oldLines: 0, newStart: 1, newLines: 1 }]);
  });
});

test('an empty diff has no files', () => {
  expect(parseHunks(new Uint8Array())).toEqual(new Map());
});

test('a name that is not UTF-8 has no entry, and its hunks go nowhere else', () => {
  const file = (label: string, line: number) =>
    `diff --git x y\n+++ ${label}\n@@ -${line} +${line} @@\n-a\n+b\n`;
  const diff = [file('b/ok', 1), file('"b/\\377"', 9), file('other/x', 3)].join('');
  const hunks = parseHunks(Buffer.from(diff));
  expect([...hunks]).toEqual([['ok', [{ oldStart: 1, oldLines: 1, newStart: 1, newLines: 1 }]]]);
});

test.each([
  ['plain', 'plain'],
  ['"a\\tb"', 'a\tb'],
  ['"\\303\\274\\a\\v\\f\\r\\b\\n\\"\\\\"', 'ü\x07\v\f\r\b\n"\\'],
  ['"unterminated', undefined],
  ['"bad \\x escape"', undefined],
  ['"\\400"', undefined],
  ['"inner " quote"', undefined],
  ['"\\377"', undefined],
])('unquotePath(%s)', (printed, path) => {
  expect(unquotePath(printed)).toBe(path);
});

test.each([
  [5, 5, true],
  [5, 8, true],
  [8, 8, true],
  [4, 5, false],
  [8, 9, false],
])('lines %i to %i in a hunk of 5 to 8: %s', (startLine, endLine, inside) => {
  const hunk = { oldStart: 1, oldLines: 1, newStart: 5, newLines: 4 };
  expect(isInsideOne([hunk], startLine, endLine)).toBe(inside);
  const around = [1, 10, 20].map((newStart) => ({ ...hunk, newStart, newLines: 3 }));
  expect(isInsideOne(around.toSpliced(1, 0, hunk), startLine, endLine)).toBe(inside);
});
