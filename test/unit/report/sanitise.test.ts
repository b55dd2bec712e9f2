import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasHiddenCharacters } from '../../../src/domain/hidden-characters.ts';
import { plain, plainLine, safeCode, safeText } from '../../../src/report/sanitise.ts';

const gap = '&#8203;';

/** What attackers write, glued together at random. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '@owner',
        '@org/team',
        '#1',
        'GH-12',
        'a/b#3',
        'closes #4',
        '/approve',
        '/sallyport approve',
        '<!--',
        '-->',
        '<img src=x>',
        '</details>',
        '![x](//e)',
        '[x](javascript:1)',
        '<http://e>',
        'https://e.example/',
        'www.e.example',
        'a@b.example',
        '::error::x',
        '##[group]',
        '##vso[x]',
        '`',
        '```',
        '~~~',
        '\n',
        '\r\n',
        '\r',
        '\t',
        '    ',
        '|',
        '\\',
        '$x$',
        '- ',
        '1. ',
        '> ',
        '\u202e',
        '\u200b',
        '\u{e0041}',
        '\x1b[31m',
        '\0',
        '\ufeff',
        '&lt;',
        '&#64;',
        '**',
        '__',
        'mailto:a@b',
        'xmpp:a',
        ':::',
        '://',
        '\ud800',
        '😀',
        'é',
        '文',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** Markdown without what is certainly inert: our entities and backslash escapes. */
function active(markdown: string): string {
  return markdown
    .replace(/(?:^| )… \(\d+ characters cut\)$/, '')
    .replaceAll(/&(?:amp|lt|gt|#124|#8203);/g, '\u00b7')
    .replaceAll(/\\[!-/:-@[-`{-~]/g, '\u00b7');
}

describe('safeText', () => {
  test.each([
    ['a mention', 'ask @owner', `ask @${gap}owner`],
    ['an issue reference', 'fixes #12', `fixes #${gap}12`],
    ['a reference elsewhere', 'a/b#3', `a/b#${gap}3`],
    ['an old reference', 'gh-4', `gh${gap}-4`],
    ['a link', '[x](https://e)', `\\[x\\]\\(https:${gap}/${gap}/e\\)`],
    ['an image', '![x](u)', '\\!\\[x\\]\\(u\\)'],
    ['HTML', '<b>&lt;', '&lt;b&gt;&amp;lt;'],
    ['an HTML comment', '<!-- x -->', '&lt;\\!-- x --&gt;'],
    ['a bare host', 'www.e.example', `www${gap}.e.example`],
    ['a slash command', '/approve', '\\/approve'],
    ['a slash command on a later line', 'x\n/approve', 'x /approve'],
    ['a workflow command', '::error::x', `:${gap}:error:${gap}:x`],
    ['a heading', '# x', `\\#${gap} x`],
    ['a list', '- x', '\\- x'],
    ['a numbered list', '12. x', '12\\. x'],
    ['code', 'a `b` ``` c', 'a \\`b\\` \\`\\`\\` c'],
    ['a table', 'a | b', 'a &#124; b'],
    ['math', '$x$', '\\$x\\$'],
    ['a bidi override', 'a\u202eb', 'a\\[U+202E\\]b'],
    ['lines', ' a\r\n\r\n b\t c\n', 'a b c'],
    ['a place in a file', 'src/a.ts:3:4', 'src/a.ts:3:4'],
    ['plain words', "Don't use x; y is 5-6.", "Don't use x; y is 5-6."],
  ])('%s shows and does nothing', (_name, text, markdown) => {
    expect(safeText(text, 1_000)).toBe(markdown);
  });

  test('no mention, reference, link, image, command, HTML or code is active in any text', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 60, max: 400 }), (text, max) => {
        const markdown = safeText(text, max);
        const left = active(markdown);
        expect(left).not.toMatch(/[`*_~[\](){}<>|\\!$&\n\r]/);
        expect(left).not.toMatch(/@[a-z0-9]|#\d|gh-\d|www\.|:\/\/|::/i);
        expect(markdown).not.toMatch(/^(?:[-+/#=]|\d+[.)]|\s)/);
        expect(hasHiddenCharacters(markdown)).toBe(false);
        expect(markdown.length).toBeLessThanOrEqual(max);
        expect(markdown.isWellFormed()).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  test('a first piece that does not fit leaves the note alone, without a blank before it', () => {
    expect(safeText(`${':'.repeat(30)}x`, 60)).toBe('… (2 characters cut)');
  });

  test('a cut says how much is missing and never splits an escape', () => {
    expect(safeText('@'.repeat(100), 60)).toBe(`${`@${gap}`.repeat(4)} … (96 characters cut)`);
  });
});

describe('safeCode', () => {
  test.each([
    ['a path', 'src/a b.ts', '`src/a b.ts`'],
    ['a backtick inside', 'a`b', '``a`b``'],
    ['backticks at an end', '``x', '``` ``x ```'],
    ['a line break', 'a\nb', '`a b`'],
    ['nothing', '', '`  `'],
    ['a mention', '@owner', '`@owner`'],
    ['a bidi override', '\u202e', '`[U+202E]`'],
  ])('%s', (_name, text, code) => {
    expect(safeCode(text)).toBe(code);
  });

  test('the code can never be left', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const code = safeCode(text);
        const fence = /^`+/.exec(code)?.[0] ?? '';
        const inner = code.slice(fence.length, -fence.length);
        expect(code.endsWith(fence)).toBe(true);
        expect(inner.match(/`+/g)?.map((run) => run.length) ?? []).not.toContain(fence.length);
        expect(inner).toMatch(/^[^`][^\n\r]*$/);
        expect(inner).not.toMatch(/`$/);
        expect(hasHiddenCharacters(code)).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  test('a long name is cut with a note', () => {
    expect(safeCode('x'.repeat(5_000)).length).toBeLessThanOrEqual(1_002);
    expect(safeCode('x'.repeat(5_000))).toMatch(/ … \(\d+ characters cut\)`$/);
  });
});

describe('plain', () => {
  test.each([
    ['line breaks and tabs stay', 'a\n\tb', 'a\n\tb'],
    ['CRLF', 'a\r\nb', 'a\nb'],
    ['ANSI', '\x1b[2Jx', '[U+001B][2Jx'],
    ['a carriage return', 'safe\revil', 'safe[U+000D]evil'],
    ['a workflow command', 'x\n ::add-mask::y', 'x\n : :add-mask::y'],
    ['an old workflow command', 'x ##[warning]y', 'x ## [warning]y'],
    ['a pipelines command', '##vso[task]', '## vso[task]'],
    ['Markdown is no concern here', '@a `b` <c>', '@a `b` <c>'],
  ])('%s', (_name, text, shown) => {
    expect(plain(text, 1_000)).toBe(shown);
  });

  test('no line is a workflow command and nothing is hidden, within the limit', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = plain(text, 200);
        expect(shown).not.toMatch(/^\s*::/m);
        expect(shown).not.toMatch(/##\w*\[/);
        expect(hasHiddenCharacters(shown)).toBe(false);
        expect(shown.length).toBeLessThanOrEqual(200);
        expect(plainLine(text, 200)).not.toContain('\n');
      }),
      { numRuns: 3_000 },
    );
  });

  test('a cut never splits a character', () => {
    expect(plain('😀'.repeat(40), 49)).toBe(`${'😀'.repeat(13)} … (27 characters cut)`);
  });
});
