import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentOf, cutLines, joinLines, splitLines } from '../../../src/report/text-lines.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('splitLines', () => {
  test.each([
    ['nothing', '', []],
    ['one line without an ending', 'a', ['a']],
    ['LF', 'a\nb\n', ['a\n', 'b\n']],
    ['CRLF', 'a\r\nb\r\n', ['a\r\n', 'b\r\n']],
    ['a lone CR is content', 'a\rb\n', ['a\rb\n']],
    ['CR CR LF', 'a\r\r\n', ['a\r\r\n']],
    ['empty lines', '\n\n', ['\n', '\n']],
    ['no final newline after an empty line', '\n\nx', ['\n', '\n', 'x']],
    ['a byte-order mark', '\ufeffa\n', ['\ufeffa\n']],
    ['Unicode line separators are content', 'a\u2028b\u0085c\n', ['a\u2028b\u0085c\n']],
  ])('%s', (_name, text, lines) => {
    expect(splitLines(bytes(text))).toEqual({ kind: 'text', lines });
  });

  test.each([
    ['a stray continuation byte', [0x61, 0x80]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['UTF-16', [0xff, 0xfe, 0x61, 0x00]],
    ['a cut-off sequence', [0xf0, 0x9f, 0x98]],
  ])('%s is binary', (_name, content) => {
    expect(splitLines(Uint8Array.from(content))).toEqual({ kind: 'binary' });
  });

  test('joining gives the identical bytes for any text', () => {
    const part = fc.constantFrom('\n', '\r', '\r\n', '\ufeff', '\0', '😀', 'a', '\t', '`', '');
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string({ unit: 'binary' }))), (parts) => {
        const whole = bytes(parts.join(''));
        const split = splitLines(whole);
        expect(split.kind === 'text' && Buffer.from(joinLines(split.lines)).equals(whole)).toBe(
          true,
        );
      }),
    );
  });
});

test('cutLines ends every line but the last with its LF', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r') }), (text) => {
      const lines = cutLines(text);
      expect(lines.join('')).toBe(text);
      expect(lines.slice(0, -1).every((line) => /^[^\n]*\n$/.test(line))).toBe(true);
    }),
  );
});

test.each([
  ['a\n', 'a'],
  ['a\r\n', 'a'],
  ['a\r', 'a\r'],
  ['a', 'a'],
  ['\n', ''],
])('contentOf(%j) is %j', (line, content) => {
  expect(contentOf(line)).toBe(content);
});
