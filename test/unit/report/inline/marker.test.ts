import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  findingIdIn,
  findingMarker,
  isSaidFixed,
  maxWordLength,
  withFixedWord,
} from '../../../../src/report/inline/marker.ts';

const id = '0123456789ab';
const sha = 'a'.repeat(40);

describe('the mark of a comment', () => {
  test('is read in the first line alone, whatever line ends GitHub gives back', () => {
    expect(findingIdIn(`${findingMarker(id)}\n\ntext`)).toBe(id);
    expect(findingIdIn(`${findingMarker(id)}\r\n\r\ntext`)).toBe(id);
    expect(findingIdIn(`text\n${findingMarker(id)}\n`)).toBeUndefined();
    expect(findingIdIn(` ${findingMarker(id)}\n`)).toBeUndefined();
    expect(findingIdIn(`${findingMarker(id)} text\n`)).toBeUndefined();
    expect(findingIdIn(findingMarker('x'))).toBeUndefined();
  });

  test('of a suggestion that holds another mark is still its own', () => {
    const other = findingMarker('f'.repeat(12));
    const body = `${findingMarker(id)}\n\nwords\n\n\`\`\`suggestion\n${other}\n\`\`\``;
    expect(findingIdIn(body)).toBe(id);
  });
});

describe('the word that a finding is fixed', () => {
  test('stands below the mark, once, and can be taken back', () => {
    const body = `${findingMarker(id)}\n\n\`ruff: F821\` Undefined name`;
    const said = withFixedWord(body, sha);
    expect(said).toBe(
      `${findingMarker(id)}\n\n**Fixed** in \`aaaaaaa\`.\n\n\`ruff: F821\` Undefined name`,
    );
    expect(said.length).toBeLessThanOrEqual(body.length + maxWordLength);
    expect(withFixedWord(said, sha)).toBe(said);
    expect(withFixedWord(said, 'b'.repeat(40))).toContain('**Fixed** in `bbbbbbb`.\n\n`ruff');
    expect(withFixedWord(said, null)).toBe(body);
    expect([isSaidFixed(said), isSaidFixed(body)]).toEqual([true, false]);
  });

  test('is in no comment without our mark', () => {
    expect(withFixedWord('**Fixed** in `aaaaaaa`.\n\nx', sha)).toBe('**Fixed** in `aaaaaaa`.\n\nx');
  });

  test('said and taken back leaves any text that begins with no empty line as it was', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^[\r\n]/.test(text) && !text.startsWith('**Fixed**'));
        const body = `${findingMarker(id)}\n\n${text}`;
        expect(withFixedWord(withFixedWord(body, sha), null)).toBe(body);
        expect(findingIdIn(withFixedWord(body, sha))).toBe(id);
      }),
    );
  });
});
