import { describe, expect, it } from 'vitest';
import { joinDiff } from '../../../src/adapters/git/changed-files.ts';
import { parseRawDiff } from '../../../src/adapters/git/raw-diff.ts';
import { readPath } from '../../../src/adapters/git/repo-path-bytes.ts';
import { parseTreeListing } from '../../../src/adapters/git/tree-listing.ts';

const [zero, one, two] = ['0'.repeat(40), '1'.repeat(40), '2'.repeat(40)];

describe('parseTreeListing', () => {
  it('reads every kind of entry, paths as bytes, in byte order', () => {
    const listing = Buffer.concat([
      Buffer.from(`100755 blob ${one}      12\tz\n \t"\0`),
      Buffer.from(
        `160000 commit ${two}       -\tb\x00120000 blob ${one} 3\ta.b\x00100644 blob ${one} 3\ta\xff`,
        'latin1',
      ),
      Buffer.from('\0'),
    ]);
    expect(parseTreeListing(listing)).toEqual([
      { pathBytes: Buffer.from('a.b'), kind: 'symlink', sha: one, bytes: 3 },
      { pathBytes: Buffer.from([0x61, 0xff]), kind: 'file', sha: one, bytes: 3 },
      { pathBytes: Buffer.from('b'), kind: 'submodule', sha: two, bytes: 0 },
      { pathBytes: Buffer.from('z\n \t"'), kind: 'executable', sha: one, bytes: 12 },
    ]);
  });

  it.each([
    ['an unfinished record', `100644 blob ${one} 3\ta`],
    ['no tab', `100644 blob ${one} 3 a\0`],
    ['an unknown type', `100644 tag ${one} 3\ta\0`],
    ['an unknown mode', `110000 blob ${one} 3\ta\0`],
    ['the same path twice', `100644 blob ${one} 3\ta\x00100644 blob ${two} 3\ta\0`],
  ])('refuses %s', (_, listing) => {
    expect(() => parseTreeListing(Buffer.from(listing))).toThrow(/a form that is not known/);
  });
});

describe('parseRawDiff', () => {
  it('reads one path for most changes and two for a rename', () => {
    const output = `:000000 100644 ${zero} ${one} A\0new\0:100644 100755 ${one} ${two} R087\0old\0moved\0`;
    expect(parseRawDiff(Buffer.from(output))).toEqual([
      {
        status: 'added',
        before: null,
        after: { mode: '100644', sha: one, pathBytes: Buffer.from('new') },
      },
      {
        status: 'renamed',
        before: { mode: '100644', sha: one, pathBytes: Buffer.from('old') },
        after: { mode: '100755', sha: two, pathBytes: Buffer.from('moved') },
      },
    ]);
  });

  it.each([
    ['an unmerged entry', `:000000 100644 ${zero} ${one} U\0a\0`],
    ['a record without its path', `:000000 100644 ${zero} ${one} A\0`],
    ['a rename with one path', `:100644 100644 ${one} ${one} R100\0a\0`],
    ['an abbreviated id', ':000000 100644 0000000 1111111 A\0a\0'],
  ])('refuses %s', (_, output) => {
    expect(() => parseRawDiff(Buffer.from(output))).toThrow(/a form that is not known/);
  });
});

describe('joinDiff', () => {
  const changes = parseRawDiff(Buffer.from(`:100644 100644 ${one} ${two} M\0a\0`));
  const section = { index: { before: one, after: two }, isBinary: false, addedLines: [] };

  it.each([
    ['a missing section', []],
    ['a section too many', [section, section]],
    ['a section of another file', [{ ...section, index: { before: two, after: one } }]],
    ['a section without content for a changed file', [{ ...section, index: null }]],
  ])('refuses %s', (_, sections) => {
    expect(() => joinDiff(changes, sections)).toThrow(/do not agree/);
  });
});

describe('readPath', () => {
  it.each([
    ['src/a.ts', 'src/a.ts', undefined],
    ['a/../b', 'a/../b', 'bad-path'],
    ['/etc/passwd', '/etc/passwd', 'bad-path'],
    ['.GIT/config', '.GIT/config', 'bad-path'],
    ['.g\u200cit/x', '.g\u200cit/x', 'bad-path'],
    ['\ufeffa', '\ufeffa', undefined],
    [Buffer.from([0xc0, 0xaf]), '\ufffd\ufffd', 'not-utf8-path'],
    [Buffer.from([0xed, 0xa0, 0x80]), '\ufffd\ufffd\ufffd', 'not-utf8-path'],
  ])('%j is %j, refused as %s', (bytes, path, reason) => {
    const reading = readPath(Buffer.from(bytes as string));
    expect(reading).toEqual(reason === undefined ? { path } : { omitted: { path, reason } });
  });
});
