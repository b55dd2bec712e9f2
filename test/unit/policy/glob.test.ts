import { array, assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Effort } from '../../../src/policy/effort.ts';
import { alternativeCount, alternativesOf, Glob } from '../../../src/policy/glob.ts';
import { GlobList } from '../../../src/policy/glob-list.ts';
import { slowGlobs, slowPath } from '../../support/slow-globs.ts';

const ample = 1_000_000_000;

function matchesGlob(glob: string, path: string): boolean {
  return new GlobList([glob]).takes(path, new Effort(ample)) === true;
}

describe('Glob', () => {
  it.each([
    '*',
    '**',
    'a',
    'a/**/b',
    '{a,b}/*.{ts,js}',
    '.*/**',
    'x{,.bak}',
    '?',
    'a b',
    '日本/**',
  ])('takes %j', (glob) => {
    expect(Glob.safeParse(glob).success).toBe(true);
  });

  it.each([
    '',
    '!a',
    '/a',
    'a/',
    'a//b',
    'a**',
    '**a/b',
    '[ab]',
    '+(a|b)',
    'a\\b',
    '{a',
    'a}',
    '{a,{b,c}}',
    '{a,b/',
    '{,a}/b',
    'x'.repeat(257),
    '{a,b}'.repeat(7),
  ])('refuses %j', (glob) => {
    expect(Glob.safeParse(glob).success).toBe(false);
  });
});

describe('a glob', () => {
  it.each([
    ['*', 'a', true],
    ['*', 'a/b', false],
    ['**', 'a/b/c', true],
    ['**/a', 'a', true],
    ['**/a', 'x/y/a', true],
    ['a/**', 'a', true],
    ['a/**', 'a/b/c', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**/b', 'a/x/y/c', false],
    ['**/a/**/b', 'a/x/a/y/b', true],
    ['*.md', '.md', true],
    ['*.md', 'docs/a.md', false],
    ['a*b*c', 'aXbYbc', true],
    ['a*b*c', 'aXbY', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['{src,lib}/*.{ts,js}', 'lib/a.js', true],
    ['{src,lib}/*.{ts,js}', 'lib/a.css', false],
    ['*', '.hidden', true],
    ['*', 'a\nb', true],
    ['{a', '{a', false],
    ['a', 'A', false],
  ])('%j takes %j: %s', (glob, path, takes) => {
    expect(matchesGlob(glob, path)).toBe(takes);
  });

  it('takes what it spells, and ends for any pattern and path', () => {
    assert(
      property(string(), string(), (glob, path) => typeof matchesGlob(glob, path) === 'boolean'),
    );
    assert(
      property(
        string({ unit: 'grapheme-ascii' }),
        (path) => /[*?{}]/.test(path) || matchesGlob(path, path),
      ),
    );
  });

  it('takes what the regular expression of the same meaning takes', () => {
    const word = array(constantFrom('a', 'b', '*', '?'), { minLength: 1, maxLength: 4 })
      .map((letters) => letters.join('').replaceAll(/\*+/g, '*'))
      .filter((text) => text !== '');
    const globs = array(constantFrom('**', 'a', 'b'), { maxLength: 3 });
    const paths = array(string({ unit: constantFrom('a', 'b'), minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 5,
    });
    assert(
      property(globs, word, globs, paths, (before, middle, after, path) => {
        const glob = [...before, middle, ...after];
        return (
          matchesGlob(glob.join('/'), path.join('/')) === expressionOf(glob).test(path.join('/'))
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('is not stopped by stars', () => {
    expect(matchesGlob('*a'.repeat(100), `${'a'.repeat(4_000)}b`)).toBe(false);
    expect(matchesGlob(`${'**/a/'.repeat(50)}b`, 'a/'.repeat(1_000))).toBe(false);
  });
});

/** Each segment with the slash behind it; `**` is any number of such. */
function expressionOf(segments: readonly string[]): { test(path: string): boolean } {
  const parts = segments.map((segment) =>
    segment === '**'
      ? '(?:[^/]+/)*'
      : `${segment.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}/`,
  );
  const expression = new RegExp(`^${parts.join('')}$`);
  return { test: (path) => expression.test(`${path}/`) };
}

describe('a list of globs', () => {
  const effort = () => new Effort(1_000);

  it('tells the first that takes a path', () => {
    const list = new GlobList(['b/**', '{a,c}/**', '**']);
    expect(list.find('a/x', effort())).toBe('{a,c}/**');
    expect(list.isEmpty).toBe(false);
    expect(new GlobList([]).find('a', effort())).toBeUndefined();
    expect(new GlobList([]).isEmpty).toBe(true);
  });

  it('has no answer once the effort is spent, even where a glob takes the path', () => {
    const list = new GlobList([...slowGlobs, '**']);
    expect(list.find('c', effort())).toBe('**');
    expect(list.find(slowPath, effort())).toBeNull();
    expect(list.takes(slowPath, effort())).toBeNull();
    expect(new GlobList(['*', '*', '*']).takes('a/b', new Effort(2))).toBeNull();
  });
});

describe('braces', () => {
  it.each([
    ['a', 1],
    ['{a,b}/{c,d,e}', 6],
    ['{a,b}'.repeat(200), 2 ** 200],
    ['{{{', 1],
  ])('of %j come to %d, and are never written out where they are too many', (glob, count) => {
    expect(alternativeCount(glob)).toBe(count);
    expect(alternativesOf(glob)?.length).toBe(
      count <= 64 && !glob.includes('{{') ? count : undefined,
    );
  });
});
