import { describe, expect, it } from 'vitest';
import { RepoPath } from '../../../src/domain/repo-path.ts';

describe('RepoPath', () => {
  it.each([
    'a',
    'a/b.txt',
    ' a b ',
    '-rf',
    '--',
    'a\nb',
    'it\'s "x"',
    'größe/名前',
    '.github/x',
    '.gitignore',
    'a.git/b',
    '.gitx',
  ])('takes %j', (path) => {
    expect(RepoPath.safeParse(path).success).toBe(true);
  });

  it.each([
    ['empty', ''],
    ['absolute', '/etc/passwd'],
    ['parent', '../x'],
    ['parent inside', 'a/../../x'],
    ['dot', './a'],
    ['a dot inside', 'a/./b'],
    ['double slash', 'a//b'],
    ['trailing slash', 'a/'],
    ['NUL', 'a\0b'],
    ['a lone surrogate', 'a\ud800'],
    ['.git', '.git/config'],
    ['.git below', 'sub/.git/hooks/pre-commit'],
    ['.GIT', '.GIT/config'],
    ['.git with trailing dots', '.git./config'],
    ['.git with a trailing space', '.git /config'],
    ['the short name of .git', 'GIT~1/config'],
    ['an alternate data stream', '.git:x/config'],
    ['.git with an ignorable code point', '.g\u200cit/config'],
    ['too long', 'a/'.repeat(3_000)],
  ])('refuses %s', (_what, path) => {
    expect(RepoPath.safeParse(path).success).toBe(false);
  });
});
