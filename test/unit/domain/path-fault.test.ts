import { describe, expect, it } from 'vitest';
import { pathFault } from '../../../src/domain/path-fault.ts';
import { foldPath } from '../../../src/domain/path-fold.ts';
import { RepoPath } from '../../../src/domain/repo-path.ts';

describe('a path that an agent wants to have written', () => {
  it.each([
    'a',
    'a/b.txt',
    ' a b.txt',
    '-rf',
    '.gitignore',
    '.github/x',
    'a.git/b',
    'git~x',
    'it\'s "x" <1>',
    'größe/名前',
    'console.ts',
    'auxiliary.c',
    'com10',
    'lpt',
    'a.con',
    '...a',
    'a~1',
  ])('is taken: %j', (path) => {
    expect(pathFault(path, { isInHead: false })).toBeUndefined();
  });

  it.each([
    ['..\\..\\up', 'backslash-path'],
    ['a\\b', 'backslash-path'],
    ['.git\\hooks\\pre-commit', 'backslash-path'],
    ['C:\\x', 'backslash-path'],
    ['a\nb', 'control-path'],
    ['a\rb', 'control-path'],
    ['a\tb', 'control-path'],
    ['a\u001b[2Jb', 'control-path'],
    ['a\u007fb', 'control-path'],
    ['a\u009bb', 'control-path'],
    ['a\u2028b', 'control-path'],
    ['a\u2029b', 'control-path'],
    ['CON', 'windows-path'],
    ['src/nul', 'windows-path'],
    ['AUX.c', 'windows-path'],
    ['prn.tar.gz', 'windows-path'],
    ['nul .txt', 'windows-path'],
    ['com1', 'windows-path'],
    ['LPT9.log', 'windows-path'],
    ['com\u00b9', 'windows-path'],
    ['com0/a', 'windows-path'],
    ['CONIN$', 'windows-path'],
    ['\uff43on', 'windows-path'],
    ['c\u200bon', 'windows-path'],
    ['a.', 'windows-path'],
    ['a /b', 'windows-path'],
    ['a.txt...', 'windows-path'],
    ['a\u3000', 'windows-path'],
    ['a.txt:b', 'windows-path'],
    ['a::$DATA', 'windows-path'],
    ['C:/x', 'windows-path'],
    ['a\uff1ab', 'windows-path'],
    ['.git', 'git-path'],
    ['a/.GIT/config', 'git-path'],
    ['.g\u200cit/hooks/x', 'git-path'],
    ['.g\u00adi\u200bt/x', 'git-path'],
    ['.\ufeffgit', 'git-path'],
    ['.\uff27it', 'git-path'],
    ['\uff0egit', 'git-path'],
    ['.gi\ufe0ft', 'git-path'],
    ['git~1', 'git-path'],
    ['GIT~2/config', 'git-path'],
    ['.git. .', 'git-path'],
    ['.git .:x', 'git-path'],
    ['.git::$INDEX_ALLOCATION', 'git-path'],
    ['git~1:x', 'git-path'],
  ])('is refused by name: %j', (path, fault) => {
    expect(pathFault(path, { isInHead: false })).toBe(fault);
    // What people have checked out may change; `.git` is never what it says it is.
    const expected = fault === 'git-path' ? fault : undefined;
    expect(pathFault(path, { isInHead: true })).toBe(expected);
  });

  it.each(['..\\..\\up', 'a\nb', 'aux.c', 'a.', 'a:b'])(
    'may be there in a head tree all the same: %j',
    (path) => {
      expect(RepoPath.safeParse(path).success).toBe(true);
    },
  );
});

describe('two paths that are one file somewhere', () => {
  it.each([
    ['README', 'readme'],
    ['stra\u00dfe', 'STRASSE'],
    ['caf\u00e9', 'cafe\u0301'],
    ['a\u200db', 'ab'],
    ['\uff41', 'a'],
  ])('fold to one: %j and %j', (a, b) => {
    expect(foldPath(a)).toBe(foldPath(b));
  });
});
