import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible, wrapText } from '../../demo/wrap-text.ts';

describe('wrapText', () => {
  it.each([
    ['a short line', 'one two', ['one two']],
    ['a line that fits exactly', 'one two th', ['one two th']],
    ['a line that does not', 'one two three', ['one two', '  three']],
    ['an indented line', '  one two three', ['  one two', '    three']],
    [
      'a word longer than the line',
      'see http://192.0.2.1/x now',
      ['see', '  http://192.0.2.1/x', '  now'],
    ],
    ['nothing', '', ['']],
  ])('breaks %s at spaces', (_, text, lines) => {
    expect(wrapText(text, 10)).toEqual(lines);
  });

  it('loses no word, and is too wide only where one word is', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, (list) => {
        const lines = wrapText(list.join(' '), 10);
        expect(lines.join(' ').split(' ').filter(Boolean)).toEqual(list);
        for (const line of lines)
          expect(line.length <= 10 || !line.trim().includes(' ')).toBe(true);
      }),
    );
  });
});

describe('visible', () => {
  it.each([
    ['an escape sequence', '\u001B[2Jx', '[U+001B][2Jx'],
    ['a line end, which would break out of its line', 'a\nb', 'a[U+000A]b'],
    ['a direction change', 'a\u202Eb', 'a[U+202E]b'],
    ['a C1 control, which some terminals obey', 'a\u009Bb', 'a[U+009B]b'],
  ])('shows %s by its number', (_, text, expected) => {
    expect(visible(text)).toBe(expected);
  });
});
