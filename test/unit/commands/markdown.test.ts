import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommands } from '../../../src/commands/parse.ts';
import { visibleLines } from '../../../src/commands/visible-lines.ts';

const command = '/sallyport fix';

describe('a command in Markdown', () => {
  it.each([
    ['another word', '/sallyportreview'],
    ['text before it', 'please /sallyport fix'],
    ['one space before it', ' /sallyport fix'],
    ['indented code', 'a\n\n    /sallyport fix'],
    ['indented code by a tab', '\t/sallyport fix'],
    ['a full-width slash', '／sallyport fix'],
    ['a division slash', '∕sallyport fix'],
    ['a no-break space before it', '\u00a0/sallyport fix'],
    ['a no-break space in it', '/sallyport\u00a0fix'],
    ['an ideographic space in it', '/sallyport\u3000fix'],
    ['a zero-width space before it', '\u200b/sallyport fix'],
    ['a zero-width joiner in it', '/sally\u200dport fix'],
    ['a byte order mark before it', '\ufeff/sallyport fix'],
    ['a right-to-left override before it', '\u202e/sallyport fix'],
    ['Cyrillic letters', '/sаllyport fix'],
    ['a line made by a Unicode separator', 'hi\u2028/sallyport fix'],
    ['a line made by a form feed', 'hi\f/sallyport fix'],
    ['a fence', '```\n/sallyport fix\n```'],
    ['a fence with a language', '```sh\r\n/sallyport fix\r\n```'],
    ['a fence of tildes', '~~~ `x`\n/sallyport fix\n~~~'],
    ['a fence that is never closed', '```\n\n/sallyport fix'],
    ['a longer fence around a shorter one', '````\n```\n/sallyport fix\n```\n````'],
    ['a fence that an info string does not close', '```\n```js\n/sallyport fix\n'],
    ['a fence that the other kind does not close', '```\n~~~\n/sallyport fix\n```'],
    ['a fence that an indent keeps open', '```\n    ```\n/sallyport fix\n```'],
    ['a fence behind one that a list ended', '- a\n  ```\nb\n\n```\n/sallyport fix\n```'],
    ['a quote', '> /sallyport fix'],
    ['a quote, lazily', '> quoted\n/sallyport fix'],
    ['a quote in a quote, lazily', '> > quoted\n/sallyport fix'],
    ['a list item', '- /sallyport fix'],
    ['a list item, lazily', '- item\n/sallyport fix'],
    ['a numbered item, lazily', '1. item\n/sallyport fix'],
    ['a quote in an item, lazily', '- > quoted\n/sallyport fix'],
    ['a block that is a comment', '<!--\n\n/sallyport fix\n\n-->'],
    ['a comment in a paragraph', 'hi <!-- x\n/sallyport fix\n-->'],
    ['a comment that is never closed', 'hi <!-- x\n/sallyport fix'],
    ['a comment that a blank line breaks', 'hi <!-- x\n\n/sallyport fix\n\n-->'],
    ['a comment in an HTML block', '<div> <!-- x\n\n/sallyport fix\n\n-->'],
    ['<pre>', '<pre>\n\n/sallyport fix\n</pre>'],
    ['<pre> in a paragraph', 'x <pre>\n/sallyport fix\n</pre>'],
    ['<script>', '<script>\n\n/sallyport fix\n</script>'],
    ['an HTML block', '<div>\n/sallyport fix\n</div>'],
    ['an HTML block of any element', '<x-y z>\n/sallyport fix'],
    ['folded text', '<details>\n<summary>log</summary>\n\n/sallyport fix\n\n</details>'],
    ['folded text, the tag over lines', '<details\nopen>\n\n/sallyport fix\n'],
    ['folded text in folded text', '<details>\n\n<details>\n\n</details>\n\n/sallyport fix'],
    ['a quote in HTML', '<blockquote>\n\n/sallyport fix\n\n</blockquote>'],
    ['struck-out text', 'a <s>\n/sallyport fix\n</s>'],
    ['a processing instruction', 'a <?\n/sallyport fix\n?>'],
    ['a declaration', 'a <!X\n/sallyport fix\nb>'],
    ['CDATA', 'a <![CDATA[\n/sallyport fix\n]]>'],
    ['a code span', 'a `b\n/sallyport fix\nc` d'],
    ['a code span of two backticks', 'a `` b ` c\n/sallyport fix\n`` d'],
    ['a code span behind an escaped backtick', 'a \\`` b\n/sallyport fix\n` c'],
    ['a code span behind an address with a backtick', '<ab:`> `b\n/sallyport fix\n` c'],
    ['an attribute', '<a title="\n/sallyport fix\n">x</a>'],
    ['a link title', '[a](/b "\n/sallyport fix\n")'],
    ['a link title behind parentheses', '[a](b(c(d)e) "\n/sallyport fix\n")'],
    ['a link target', '[a](\n/sallyport\n)'],
    ['a link target in angles', '[a](<b c>\n"\n/sallyport fix\n")'],
    ['a link label', '[a][\n/sallyport fix\n]\n\n[/sallyport fix]: x'],
    ['the text of an image', '![a\n/sallyport fix\nb](c)'],
    ['a definition’s title', '[a]: b "\n/sallyport fix\n"'],
    ['a definition’s target', '[a]:\n/sallyport'],
    ['a definition’s label', '[a\n/sallyport fix\n]: b'],
    ['a footnote, lazily', '[^1]: note\n/sallyport fix'],
    ['what is nested out of reach', `${'> '.repeat(60)}a\n\n/sallyport fix`],
  ])('is none in: %s', (_where, body) => {
    expect(parseCommands(body)).toEqual([]);
  });

  it.each([
    ['a closed fence', '```\nx\n```\n/sallyport fix'],
    ['inline code like a fence', '``` a ``` b\n/sallyport fix'],
    ['a comment', '<!-- x -->\n/sallyport fix'],
    ['a comment of one line in a paragraph', 'a <!--> b\n/sallyport fix'],
    ['a quote and a blank line', '> quoted\n\n/sallyport fix'],
    ['a list and a blank line', '- a\n\n  b\n\n/sallyport fix'],
    ['an empty item and a blank line', '-\n\n  a\n/sallyport fix'],
    ['an item that ends a fence', '- ```\n/sallyport fix'],
    ['a quote that ends a fence', '> ```\n/sallyport fix'],
    ['a heading in a quote', '> # a\n/sallyport fix'],
    ['a heading', '# a\n/sallyport fix'],
    ['a rule', '* * *\n/sallyport fix'],
    ['an underlined heading', 'a\n===\n/sallyport fix'],
    ['indented code', '    a\n/sallyport fix'],
    ['a number that starts no list', 'a\n2. b\n/sallyport fix'],
    ['a bare mark that starts no list', 'a\n*\n/sallyport fix'],
    ['an HTML block and a blank line', '<div>\n\n/sallyport fix\n\n</div>'],
    ['a closed fold', '<details>\n\nx\n\n</details>\n\n/sallyport fix'],
    ['a fold that a closing tag too many does not open', '</details>\n\n/sallyport fix'],
    ['a fold in a comment', '<!-- <details> -->\n\n/sallyport fix'],
    ['a backtick without another', 'a ` b\n/sallyport fix'],
    ['an escaped backtick', 'a \\` b\n/sallyport fix\n` c'],
    ['backticks of another number', 'a ` b\n/sallyport fix\n`` c'],
    ['less-than', 'a < b\n/sallyport fix\n> c'],
    ['a tag that is none', '<a b=">\n/sallyport fix'],
    ['an unfinished instruction', 'a <? b <? c\n/sallyport fix'],
    ['a link', '[a](b "c") (d)\n/sallyport fix'],
    ['a link without an end', '[a](b "c\n/sallyport fix'],
    ['a bracket that closes nothing', 'a ](b "\n/sallyport fix\n")'],
    ['link text around it', '[a\n/sallyport fix\nb](c)'],
    ['a task mark', '[x] done\n/sallyport fix'],
    ['a tab in a list', '-\ta\n\n/sallyport fix'],
  ])('is one behind: %s', (_where, body) => {
    expect(parseCommands(body).map(({ name }) => name)).toEqual(['fix']);
  });
});

describe('whatever the document', () => {
  const word = fc.constantFrom('a', '*b*', '`c`', '/x', '[d](e)', 'f<br>', '');
  const line = fc.array(word, { maxLength: 4 }).map((words) => words.join(' '));
  const text = fc.array(line, { minLength: 1, maxLength: 4 });
  const within = (lines: readonly string[]) => [...lines, command, ...lines];
  const hiding = text.chain((lines) =>
    fc.constantFrom(
      ['````x', ...within(lines), '````'].join('\n'),
      ['~~~~', ...within(lines), '~~~~~'].join('\n'),
      within(lines)
        .map((one) => `> ${one}`)
        .join('\n'),
      ['<!--', ...within(lines), '-->'].join('\n'),
      ['- a', '', ...within(lines).map((one) => `  ${one}`)].join('\n'),
      within(lines)
        .map((one) => `    ${one}`)
        .join('\n'),
      ['<details>', '', ...within(lines), '', '</details>'].join('\n'),
    ),
  );

  it('finds no command in code, quotes, comments, lists or folds', () => {
    fc.assert(
      fc.property(fc.array(hiding, { minLength: 1, maxLength: 5 }), (blocks) => {
        expect(parseCommands(blocks.join('\n\n'))).toEqual([]);
      }),
    );
  });

  it('finds the one that stands between them', () => {
    fc.assert(
      fc.property(
        fc.array(hiding, { maxLength: 3 }),
        fc.array(hiding, { maxLength: 3 }),
        (a, b) => {
          const body = [...a, '/sallyport review', ...b].join('\n\n');
          expect(parseCommands(body)).toEqual([{ name: 'review' }]);
        },
      ),
    );
  });

  it('never throws, and shows only lines that are there', () => {
    const part = fc.constantFrom(
      '/sallyport',
      '\n',
      '> ',
      '- ',
      '1. ',
      '```',
      '`',
      '<!--',
      '-->',
      '<pre>',
      '<a b="',
      '">',
      '[',
      '](',
      ')',
      ']: ',
      '"',
      '\\',
      '\t',
      '    ',
      '===',
      '<details>',
      '</details>',
      '\r\n',
    );
    const soup = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.array(part, { maxLength: 60 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(soup, (body) => {
        const lines = new Set(body.split(/\r\n|\r|\n/));
        const shown = visibleLines(body).filter((one) => !body.includes('<!--') || lines.has(one));
        expect(shown.every((one) => lines.has(one))).toBe(true);
        expect(parseCommands(body).length).toBeLessThanOrEqual(5);
      }),
      { numRuns: 500 },
    );
  });
});

/** Steps of a regular expression cannot be counted; what takes quadratic time would not end here at all. */
describe('a body of twice the size that GitHub takes', () => {
  const size = 131_072;
  it.each([
    '`',
    '`a',
    '``a`',
    '<',
    '<a ',
    "<a b='",
    '<a b="<a c=\'',
    '<!',
    '<!--',
    '<?',
    '<![CDATA[',
    '[',
    ']',
    '![',
    '](',
    '[](',
    '[](a "',
    "[](a '",
    '[](a (',
    '[](<',
    '[]( ',
    '\\',
    '(',
    '> ',
    '>\n',
    '- ',
    '-\n',
    '- -\n',
    '1. ',
    ' ',
    '\t',
    '\n',
    '    a\n',
    '#',
    '* ',
    '_ ',
    '=\n',
    'a\n===\n',
    '```\n',
    '~~~ a\n',
    '<pre>\n',
    '<div>\n',
    '<details>\n',
    '<!-- -->\n',
    '[a]: b\n',
    '[a\n',
    '/sallyport\u00a0\n',
    'a@b ',
    '<a:',
    '<a@',
    '\r',
    '&',
    '|a|\n',
    ' <b\n',
    '/sallyport run a b="',
    '/x\n',
  ])('is read: %j, again and again', (unit) => {
    const body = `/x\n\n${unit.repeat(Math.ceil(size / unit.length))}\n\n/sallyport review`;
    expect(parseCommands(body).length).toBeLessThanOrEqual(5);
  });
});
