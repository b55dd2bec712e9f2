import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { patchPieces } from '../../../src/report/patch-text.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const folder = mkdtempSync(join(tmpdir(), 'patch-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['CRLF everywhere is not spelled out', 'a\r\nb\r\n', 'a\r\nB\r\n', ' a\n-b\n+B\n'],
  ['a changed ending is', 'a\r\n', 'a\n', '-a[U+000D]\n+a\n'],
  ['a missing final newline is told', 'a', 'a\n', '-a\n\\ No newline at end of file\n+a\n'],
  ['hidden characters are spelled out', 'a\n', 'a\u202e\n', '-a\n+a[U+202E]\n'],
])('%s', (...[, before, after, body]) => {
  const [header, hunk, ...others] = patchPieces('f', {
    before: bytes(before),
    after: bytes(after),
  });
  expect(header).toBe('--- a/f\n+++ b/f\n');
  expect(hunk?.replace(/^@@.*@@\n/, '')).toBe(body);
  expect(others).toEqual([]);
});

test('a name cannot start a line', () => {
  const [header] = patchPieces('a\n+++ b/x\u202e', { before: null, after: bytes('') });
  expect(header).toBe('--- /dev/null\n+++ b/"a\\n+++ b/x[U+202E]"\n');
});

test.each([
  ['before', { before: Uint8Array.of(0xff), after: bytes('a\n') }],
  ['after', { before: bytes('a\n'), after: Uint8Array.of(0xff) }],
])('bytes %s that are not text are said to be so', (_name, sides) => {
  expect(patchPieces('f', sides)).toEqual(['--- a/f\n+++ b/f\n(not text)\n']);
});

test('what is shown of plain text is a patch that git applies', () => {
  const line = fc.constantFrom('a\n', 'b\n', 'c\n', '\n', '- x\n', '+ y\n', '@@ z\n');
  const file = fc
    .tuple(fc.array(line, { minLength: 1, maxLength: 40 }), fc.constantFrom('', 'end'))
    .map(([lines, end]) => lines.join('') + end);
  fc.assert(
    fc.property(file, file, (before, after) => {
      fc.pre(before !== after);
      writeFileSync(join(folder, 'f'), before);
      const input = patchPieces('f', { before: bytes(before), after: bytes(after) }).join('');
      execFileSync('git', ['apply', '--unidiff-zero', '--whitespace=nowarn'], {
        cwd: folder,
        input,
      });
      expect(readFileSync(join(folder, 'f'), 'utf8')).toBe(after);
    }),
    { numRuns: 60 },
  );
});
