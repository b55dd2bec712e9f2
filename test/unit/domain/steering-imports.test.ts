import { describe, expect, it } from 'vitest';
import { importsIn, isDocument } from '../../../src/domain/steering-imports.ts';

describe('importsIn', () => {
  it.each([
    ['a line of its own', '# Rules\n@docs/style.md\n', ['docs/style.md']],
    ['within a sentence', 'See @README and @docs/a.md.', ['README', 'docs/a.md']],
    ['in brackets', '- (see @a.md), @b.md;', ['a.md', 'b.md']],
    ['from the own folder', '@./a.md', ['a.md']],
    ['with a blank', '@my\\ docs/a.md', ['my docs/a.md']],
    ['named twice', '@a.md\n@a.md', ['a.md']],
    ['behind a block of code', '```\n@a.md\n```\n@b.md', ['b.md']],
    ['in a block that has no end', '~~~~ sh\n@a.md\n~~~\n@b.md', []],
    ['in a span', 'Use `@types/node` and ``a ` @b`` or @c.md', ['c.md']],
    ['between runs of other lengths', '`` @a.md ` @b.md ``` @c.md', ['a.md', 'b.md', 'c.md']],
    ['behind a span', '`x` @a.md `y`', ['a.md']],
    ['behind marks that end no sentence', '@!!!a.md!!!', ['!!!a.md']],
    ['in an address', 'Write to me@example.org', []],
    ['a lone sign', 'at @ noon, @. and @!', []],
    ['of a home, and from the root', '@~/a.md @/etc/passwd', []],
    ['outside', '@../a.md @docs/../../a.md', []],
    ['of the git folder', '@.git/config', []],
  ])('reads imports: %s', (_what, text, paths) => {
    expect(importsIn(text, '')).toEqual(paths);
  });

  it.each([
    ['.', '@a.md', ['a.md']],
    ['packages/x', '@a.md @../y/b.md @../../c.md', ['packages/x/a.md', 'packages/y/b.md', 'c.md']],
  ])('starts at the folder %s', (folder, text, paths) => {
    expect(importsIn(text, folder)).toEqual(paths);
  });
});

/** 256 KiB, the longest text that is read; each took minutes once. */
describe('importsIn of a long text', () => {
  const size = 256 * 1024;
  const growing = Array.from({ length: 700 }, (_, at) => `${'`'.repeat(at + 1)} `).join('');
  it.each([
    ['one run of backticks', '`'.repeat(size), []],
    ['a run behind a mark', `${'`'.repeat(size)} @a.md`, []],
    ['runs that all differ', `${growing}@a.md`, ['a.md']],
    ['equal runs', `${'``` '.repeat(size / 4)}@a.md`, []],
    ['marks without a path', `@${'!'.repeat(size)}/`, []],
    ['the same again', ' @/a'.repeat(size / 4), []],
  ])('takes %s', (_what, text, paths) => {
    expect(importsIn(text, '')).toEqual(paths);
  });
});

describe('isDocument', () => {
  it.each([
    ['docs/a.md', true],
    ['a.MDX', true],
    ['notes.txt', true],
    ['README', true],
    ['a.b/README', true],
    ['package.json', false],
    ['a.md.ts', false],
    ['src/a.ts', false],
  ])('of %s is %s', (path, is) => {
    expect(isDocument(path)).toBe(is);
  });
});
