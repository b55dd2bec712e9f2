import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasHiddenCharacters } from '../../../src/domain/hidden-characters.ts';
import { safeMarkdown } from '../../../src/report/safe-markdown.ts';
import { activePartsOf, nodesBelow, parseMarkdown } from '../../support/markdown/active-parts.ts';
import { hostileMarkdown } from '../../support/markdown/hostile-markdown.ts';

const linkHosts = ['docs.example'];

describe('the oracle', () => {
  test.each([
    ['@owner', 'mention'],
    ['a/b#1', 'reference'],
    ['gh-1', 'reference'],
    ['![x](https://docs.example)', 'image'],
    ['<b>', 'html'],
    ['[x](https://evil.example)', 'link to'],
    ['[x](http://docs.example)', 'link to'],
    ['https://evil.example', 'link to'],
    ['# x', 'heading'],
    ['x\n===', 'heading'],
    ['|a|\n|-|', 'table'],
    ['```suggestion\n```', 'code of suggestion'],
    ['```', 'swallowed'],
    ['<!--', 'swallowed'],
    ['x\n/approve', '/approve'],
    ['::error::x', '::error'],
  ])('finds what is active in %j', (markdown, part) => {
    expect(activePartsOf(markdown, linkHosts).join()).toContain(part);
  });

  test('takes what only shows', () => {
    const markdown = '- a `@b #1` **c**\n\n```js\n#1\n```\n\n[d](https://docs.example/e)';
    expect(activePartsOf(markdown, linkHosts)).toEqual([]);
  });
});

describe('safeMarkdown', () => {
  test('leaves nothing active in any message', () => {
    const holds = fc.property(hostileMarkdown, fc.integer({ min: 70, max: 900 }), (text, max) => {
      const markdown = safeMarkdown(text, max, { linkHosts });
      expect(activePartsOf(markdown, linkHosts)).toEqual([]);
      expect(hasHiddenCharacters(markdown)).toBe(false);
      expect(markdown.isWellFormed()).toBe(true);
      expect(markdown.length).toBeLessThanOrEqual(max);
    });
    fc.assert(holds, { numRuns: 4_000 });
  });

  test('loses no word of a message that fits', () => {
    const words = fc.array(fc.tuple(fc.stringMatching(/^w[0-9]{3}$/), hostileSyntax), {
      maxLength: 12,
    });
    const holds = fc.property(words, (parts) => {
      const text = parts.map(([word, syntax]) => `${word}${syntax}`).join('');
      const shown = nodesBelow(parseMarkdown(safeMarkdown(text, 60_000, { linkHosts })))
        .map((node) => ('value' in node ? node.value : ''))
        .join(' ');
      expect(shown.match(/w[0-9]{3}/g) ?? []).toEqual(parts.map(([word]) => word));
    });
    fc.assert(holds, { numRuns: 2_000 });
  });
});

/** Between words: none of it makes a word the name of a language or the title of a link. */
const hostileSyntax = fc.constantFrom(
  ...' |\n|\n\n|\n- |\n1. |\n# |\n```\n|\n~~~\n|`|``|*|**|_| * |[|]|(|)|](| ![|<|> |\\|@|#|!|~~|\n---\n'.split(
    '|',
  ),
);
