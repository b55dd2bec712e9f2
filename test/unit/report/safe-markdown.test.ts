import { describe, expect, test } from 'vitest';
import { safeMarkdown } from '../../../src/report/safe-markdown.ts';

const gap = '&#8203;';
const linkHosts = ['docs.example'];

function safe(text: string, max = 10_000): string {
  return safeMarkdown(text, max, { linkHosts });
}

describe('safeMarkdown', () => {
  test.each([
    ['a paragraph', 'a\nb', 'a b'],
    ['paragraphs', 'a\n\n\n b \r\n\r\nc', 'a\n\nb\n\nc'],
    ['emphasis', '*a* **b** _c_ __d__ ***e***', '*a* **b** *c* **d** ***e***'],
    ['emphasis within emphasis', '**a _b_**', '**a *b***'],
    ['marks that are no emphasis', 'a * b snake_case **x', 'a \\* b snake\\_case \\*\\*x'],
    ['crossed emphasis', '*a **b* c**', '*a \\*\\*b* c\\*\\*'],
    ['too many marks', '****a****', '\\*\\*\\*\\*a\\*\\*\\*\\*'],
    ['code', 'use `a*b` or ``c`d``', 'use `a*b` or ``c`d``'],
    ['code that nobody ends', '`a ``b', '\\`a \\`\\`b'],
    ['code behind an escaped backtick', '\\``` a', '\\`\\`\\` a'],
    ['codes beside each other', '`a`https://evil.example', '`a` `https://evil.example`'],
    ['escapes', '\\*a\\* \\`b\\`', '\\*a\\* \\`b\\`'],
    ['a list', '- a\n* b\n\n+ c', '- a\n- b\n- c'],
    ['a list that goes on', '- a\nb\n  c\n\nd', '- a b c\n\nd'],
    ['a list in a list', '1. a\n   - b\n2) c', '1. a\n\n- b\n\n2. c'],
    ['a heading', 'x\n## Why *y*\nz', 'x\n\n**Why \\*y\\***\n\nz'],
    ['an underlined heading', 'Why\n===\nz', 'Why\n\nz'],
    ['a rule', 'a\n\n---\n\nb\n* * *', 'a\n\nb'],
    ['a quote', '> a\n> b', '&gt; a &gt; b'],
    ['a table', '|a|\n|-|', '&#124;a&#124; &#124;-&#124;'],
    ['HTML', '<b>x</b>', '&lt;b&gt;x&lt;/b&gt;'],
    ['a slash command', 'x\n\n/approve\n\n- /approve', 'x\n\n\\/approve\n\n- \\/approve'],
    ['mentions', '**@a** @b', `**@${gap}a** @${gap}b`],
    ['nothing', ' \n', ''],
    ['no more than a rule', '---', '\\---'],
  ])('%s', (_name, text, markdown) => {
    expect(safe(text)).toBe(markdown);
  });

  test.each([
    ['without an end', '```js\na', '```js\na\n```'],
    ['with nothing in it', '```\n```', '```\n```'],
    ['with fences in it', '~~~~ts x\n~~~\n```\n~~~~\nb', '````ts\n~~~\n```\n````\n\nb'],
    ['in a list', '- a\n  ```\n    b\n c\n  ```', '- a\n\n```\n  b\nc\n```'],
    ['of a suggestion', '```suggestion\nx\n```', '```\nx\n```'],
    ['of a picture', '``` mermaid\nx\n```', '```\nx\n```'],
    [
      'with commands',
      '```\n/approve\n\t/x\n//y\n::error::z\n```',
      '```\n/ approve\n\t/ x\n//y\n: :error::z\n```',
    ],
    ['with hidden characters', '```\na\u202eb\n```', '```\na[U+202E]b\n```'],
  ])('code %s', (_name, text, markdown) => {
    expect(safe(text)).toBe(markdown);
  });

  test.each([
    ['[a](https://docs.example/b)', '[a](<https://docs.example/b>)'],
    ['[`a`](https://docs.example)', '[`a`](<https://docs.example/>)'],
    ['[a](<https://DOCS.example/b> "t")', '[a](<https://docs.example/b>)'],
    ['[a](https://docs.example/b_(c))', '[a](<https://docs.example/b_%28c%29>)'],
    ['[a](https://docs.example/?b=1&lt;#c)', '[a](<https://docs.example/?b=1&amp;lt;#c>)'],
    ['[a](https://docs.example/`@b|)', '[a](<https://docs.example/%60%40b%7C>)'],
    ['[ ](https://docs.example)', `[https:${gap}/${gap}/docs.example](<https://docs.example/>)`],
    ['<https://docs.example>', `[https:${gap}/${gap}/docs.example](<https://docs.example/>)`],
    [
      '(https://docs.example.)',
      `\\([https:${gap}/${gap}/docs.example](<https://docs.example/>).\\)`,
    ],
    [
      'https://docs.example/b_(c)!',
      `[https:${gap}/${gap}/docs.example/b\\_\\(c\\)](<https://docs.example/b_%28c%29>)\\!`,
    ],
    ['*[a](https://docs.example)*', '*[a](<https://docs.example/>)*'],
  ])('links %s', (text, markdown) => {
    expect(safe(text)).toBe(markdown);
  });

  test.each([
    ['another host', '[*a*](https://evil.example)', '*a* (`https://evil.example`)'],
    ['a host below', '[a](https://x.docs.example)', 'a (`https://x.docs.example`)'],
    [
      'another host behind a name',
      '[a](https://docs.example@evil.example)',
      'a (`https://docs.example@evil.example`)',
    ],
    ['a name', '[a](https://b@docs.example)', 'a (`https://b@docs.example`)'],
    ['a password', '[a](https://:b@docs.example)', 'a (`https://:b@docs.example`)'],
    ['a port', '[a](https://docs.example:8443)', 'a (`https://docs.example:8443`)'],
    ['another scheme', '[a](http://docs.example)', 'a (`http://docs.example`)'],
    ['a script', '[a](javascript:b)', 'a (`javascript:b`)'],
    ['no address', '[a](../b)', 'a (`../b`)'],
    [
      'an issue',
      '[a](https://docs.example/b/c/issues/1)',
      'a (`https://docs.example/b/c/issues/1`)',
    ],
    ['a bare address', 'see https://evil.example/#1, or', 'see `https://evil.example/#1`, or'],
    ['its own text', '[https://e.example](https://e.example)', '`https://e.example`'],
    ['no text', '[ ](https://evil.example)', '`https://evil.example`'],
    ['a long address', `<https://docs.example/${'a'.repeat(970)}>`, expect.stringMatching(/^\[/)],
    ['too long an address', `https://docs.example/${'a'.repeat(980)}`, expect.stringMatching(/^`/)],
    ['an image', '![a](https://docs.example/b.png)', 'a (`https://docs.example/b.png`)'],
    [
      'an address in a text',
      '[see https://docs.example/b](https://docs.example/c)',
      '[see `https://docs.example/b`](<https://docs.example/c>)',
    ],
    ['a place', '[a][b]\n\n[b]: c', '\\[a\\]\\[b\\]\n\n\\[b\\]: c'],
    [
      'brackets within',
      '[a[b]](https://docs.example)',
      expect.stringContaining('\\[a\\[b\\]\\]\\('),
    ],
  ])('does not link to %s', (_name, text, markdown) => {
    expect(safe(text)).toEqual(markdown);
  });

  test('links to no host where none is named', () => {
    const text = '[a](https://docs.example)';
    expect(safeMarkdown(text, 100, { linkHosts: [] })).toBe('a (`https://docs.example`)');
  });

  test('leaves out whole parts, and says how many', () => {
    const text = `first **one**\n\n${Array.from({ length: 50 }, (_, at) => `- item ${at}`).join('\n')}`;
    const note = (count: number) => `\n\n… and ${count} more parts, too long to show here.`;
    expect(safe(text, 100)).toBe(
      `first **one**\n\n- item 0\n- item 1\n- item 2\n- item 3${note(46)}`,
    );
    const code = `a\n\n\`\`\`\n${'b\n'.repeat(99)}\`\`\`\n\nc`;
    expect(safe(code, 100)).toBe(`a${note(2)}`);
  });

  test('cuts the first part where it is too long by itself', () => {
    const cut = `\\*\\*${'ab '.repeat(11)} … (268 characters cut)`;
    expect(safe(`**${'ab '.repeat(99)}**\n\nx`, 60)).toBe(cut);
  });

  test('fits to the last character', () => {
    const whole = `aa\n\nbb\n\n${'c'.repeat(60)}`;
    expect(safe(whole, whole.length)).toBe(whole);
    const note = '\n\n… and 1 more part, too long to show here.';
    expect(safe(whole, whole.length - 1)).toBe(`aa\n\nbb${note}`);
    expect(safe(whole, 6 + note.length)).toBe(`aa\n\nbb${note}`);
    expect(safe(whole, 5 + note.length)).toBe('aa\n\n… and 2 more parts, too long to show here.');
  });

  test.each(
    [
      '[',
      '`',
      '*',
      '_a',
      '<https://',
      '[x](https:',
      '[x](a(',
      '[\\',
      '~~~\n',
      '- ',
      '`a',
      '\\',
      '(',
      '\n',
      'https://a...',
      '***a ',
      '~~~\n\n',
    ].map((piece) => [piece]),
  )('takes a mebibyte of %j', (piece) => {
    const text = piece.repeat(2 ** 20 / piece.length);
    expect(safe(text, 4_000).length).toBeLessThanOrEqual(4_000);
  });
});
