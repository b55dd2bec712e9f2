import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  hasHiddenCharacters,
  showHiddenCharacters,
} from '../../../src/domain/hidden-characters.ts';

test.each([
  ['a bidi override', 'a\u202eb', 'a[U+202E]b'],
  ['an isolate', '\u2066x\u2069', '[U+2066]x[U+2069]'],
  ['a zero-width space', '\u200b', '[U+200B]'],
  ['a tag character', '\u{e0041}', '[U+E0041]'],
  ['a variation selector beyond the plane', 'a\u{e0100}', 'a[U+E0100]'],
  ['an escape sequence', '\x1b[31mred', '[U+001B][31mred'],
  ['a C1 control', '\u009b31m', '[U+009B]31m'],
  ['CR', 'a\rb', 'a[U+000D]b'],
  ['NUL', '\0', '[U+0000]'],
  ['a soft hyphen', 'a\u00adb', 'a[U+00AD]b'],
  ['a Hangul filler', '\u3164', '[U+3164]'],
  ['a private-use character', '\ue000', '[U+E000]'],
  ['a lone surrogate', '\ud800', '[U+D800]'],
  ['a joiner between letters', 'a\u200db', 'a[U+200D]b'],
  ['a second selector on an emoji', '❤\ufe0f\ufe0f', '❤\ufe0f[U+FE0F]'],
])('%s is seen and shown', (_name, text, shown) => {
  expect(hasHiddenCharacters(text)).toBe(true);
  expect(showHiddenCharacters(text)).toBe(shown);
});

test.each(['', 'plain', 'tab\tand\nline', 'ünï 文件 עברית', '👩‍💻 ❤️‍🔥 👍🏽', 'e\u0301'])(
  '%j stays as it is',
  (text) => {
    expect(hasHiddenCharacters(text)).toBe(false);
    expect(showHiddenCharacters(text)).toBe(text);
  },
);

test('what has been shown has nothing hidden', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(hasHiddenCharacters(showHiddenCharacters(text))).toBe(false);
    }),
  );
});
