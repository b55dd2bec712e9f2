import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPath } from '../../../src/broker/request-path.ts';
import { matchesPath, PathPattern } from '../../../src/policy/path-pattern.ts';

describe('a path', () => {
  test.each([
    ['/', '/', '/'],
    ['/a/b', '/a/b', '/a/b'],
    ['/a/', '/a/', '/a/'],
    ['/a%62c', '/abc', '/abc'],
    ['/a%7eb%2Db', '/a~b-b', '/a~b-b'],
    ['/%c3%bc', '/%C3%BC', '/%C3%BC'],
    ['/@types%2fnode', '/@types/node', '/@types%2Fnode'],
    ['/a?q=/../%2e%2e/', '/a', '/a?q=/../%2e%2e/'],
    ['/a?', '/a', '/a?'],
    ['/...', '/...', '/...'],
    ['/a;v=1', '/a;v=1', '/a;v=1'],
  ])('is read in its one spelling: %s', (text, match, forward) => {
    expect(readPath(text)).toMatchObject({ ok: true, match, forward });
  });

  test.each([
    ['', 'path-malformed'],
    ['*', 'path-malformed'],
    ['a', 'path-malformed'],
    ['http://a.example/', 'path-malformed'],
    ['/a b', 'path-malformed'],
    ['/a#b', 'path-malformed'],
    ['/a?b#c', 'path-malformed'],
    ['/a\\..\\b', 'path-malformed'],
    ['/a\r\nHost: b', 'path-malformed'],
    ['/a\0', 'path-malformed'],
    ['/ü', 'path-malformed'],
    ['/a?ü', 'path-malformed'],
    ['/"', 'path-malformed'],
    ['/%', 'path-encoding'],
    ['/%2', 'path-encoding'],
    ['/%zz', 'path-encoding'],
    ['/%25', 'path-encoding'],
    ['/%252e%252e', 'path-encoding'],
    ['/%00', 'path-encoding'],
    ['/%0d%0a', 'path-encoding'],
    ['/%5c..', 'path-encoding'],
    ['/%3f', 'path-encoding'],
    ['/%23', 'path-encoding'],
    ['/%7f', 'path-encoding'],
    ['//a', 'path-traversal'],
    ['/a//b', 'path-traversal'],
    ['/a/./b', 'path-traversal'],
    ['/a/../b', 'path-traversal'],
    ['/..', 'path-traversal'],
    ['/a/.', 'path-traversal'],
    ['/a/%2e%2e/b', 'path-traversal'],
    ['/a/.%2E/b', 'path-traversal'],
    ['/a%2f..%2fb', 'path-traversal'],
    ['/a/%2fb', 'path-traversal'],
    ['/a/..;/b', 'path-traversal'],
    ['/a/..;x=1/b', 'path-traversal'],
    ['/a/..%3bx/b', 'path-traversal'],
    [`/${'a'.repeat(8_192)}`, 'path-too-long'],
  ])('is refused: %j', (text, reason) => {
    expect(readPath(text)).toEqual({ ok: false, reason });
  });

  test('is sent on so that a URL parser sees what was matched, and read again as itself', () => {
    const piece = fc.constantFrom(
      '/',
      '.',
      '..',
      '%2e',
      '%2F',
      '%41',
      'a',
      ';',
      '%3B',
      '~',
      '%7E',
      '?',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const reading = readPath(`/${pieces.join('')}`);
        if (!reading.ok) return;
        const { pathname } = new URL(`http://a.example${reading.forward}`);
        expect(pathname.replaceAll('%2F', '/')).toBe(reading.match);
        expect(readPath(reading.forward)).toEqual(reading);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('a pattern of paths', () => {
  test.each([
    ['/', '/', true],
    ['/', '/a', false],
    ['/a', '/a', true],
    ['/a', '/a/', false],
    ['/a', '/A', false],
    ['/*', '/a', true],
    ['/*', '/a/b', false],
    ['/a/*', '/a/', true],
    ['/a-*.tgz', '/a-1.tgz', true],
    ['/a-*.tgz', '/a-.tgz', true],
    ['/a*a', '/a', false],
    ['/a*a', '/aa', true],
    ['/**', '/', true],
    ['/**', '/a/b/c', true],
    ['/a/**', '/a', false],
    ['/a/**', '/a/', true],
    ['/a/**', '/a/b/c', true],
    ['/a/**', '/ab/c', false],
    ['/*/-/*', '/x/-/x-1.tgz', true],
    ['/*/-/*', '/x/y/x-1.tgz', false],
  ])('%s and %s: %s', (pattern, path, isTaken) => {
    expect(PathPattern.safeParse(pattern).success).toBe(true);
    expect(matchesPath(pattern, path)).toBe(isTaken);
  });

  test.each(['', 'a', '/**/a', '/a**', '/a*b*c', '/***', '/{a,b}', '/[a]', '/?', '/a b', '/a\\b'])(
    'is refused: %j',
    (pattern) => {
      expect(PathPattern.safeParse(pattern).success).toBe(false);
    },
  );
});
