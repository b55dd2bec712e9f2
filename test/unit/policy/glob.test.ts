import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Glob, matchesGlob } from '../../../src/policy/glob.ts';

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

describe('matchesGlob', () => {
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

  it('is not stopped by stars', () => {
    expect(matchesGlob('*a'.repeat(100), `${'a'.repeat(4_000)}b`)).toBe(false);
    expect(matchesGlob(`${'**/a/'.repeat(50)}b`, 'a/'.repeat(1_000))).toBe(false);
  });
});
