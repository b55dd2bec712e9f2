import { assert, asyncProperty, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CodeOwner,
  codeOwnersLocations,
  isOwner,
  parseCodeOwners,
} from '../../../src/policy/code-owners.ts';
import { ownerGroups, ownersOfPaths } from '../../../src/policy/owners-of-paths.ts';
import { countTurns } from '../../support/count-turns.ts';
import { slowGlobs, slowPath } from '../../support/slow-globs.ts';

// The example of https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
const documented = `
# This is a comment.
# Each line is a file pattern followed by one or more owners.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
`;

async function ownersIn(text: string, path: string): Promise<string> {
  const owners = await ownersOfPaths(await parseCodeOwners(text), [path]);
  return owners?.[0]?.map(nameOf).join(' ') ?? 'nobody can say';
}

function nameOf(owner: CodeOwner): string {
  if (owner.kind === 'user') return `@${owner.login}`;
  return owner.kind === 'team' ? `@${owner.team}` : owner.address;
}

describe('the example of GitHub’s documentation', () => {
  it.each([
    ['README.md', '@global-owner1 @global-owner2'],
    ['src/a/b.c', '@global-owner1 @global-owner2'],
    ['src/a.js', '@js-owner'],
    ['a.go', 'docs@example.com'],
    ['deep/a.txt', '@octo-org/octocats'],
    ['build/logs/a.js', '@octocat'],
    ['build/logs/deep/a', '@octocat'],
    ['src/apps/a', '@octocat'],
    ['docs/a.md', '@doctocat'],
    ['docs/build-app/a.md', '@doctocat'],
    ['scripts/a.sh', '@doctocat @octocat'],
    ['deeply/nested/logs/a', '@octocat'],
    ['apps/a', '@octocat'],
    ['apps/github', ''],
    ['apps/github/a', ''],
  ])('%s is owned by %j', async (path, owners) => {
    expect(await ownersIn(documented, path)).toBe(owners);
  });
});

describe('a pattern', () => {
  it.each([
    ['docs/*', 'docs/getting-started.md', true],
    ['docs/*', 'docs/build-app/troubleshooting.md', false],
    ['docs/*', 'src/docs/a.md', false],
    ['*', 'a/b/c', true],
    ['/*', 'a', true],
    ['/*', 'a/b', false],
    ['/*', 'a/b/c', false],
    ['/*/', 'a/b', true],
    ['/**', 'a/b/c', true],
    ['apps/', 'apps', false],
    ['apps/', 'x/apps/y', true],
    ['/apps/', 'x/apps/y', false],
    ['/apps', 'apps/x/y', true],
    ['apps', 'x/apps/y/z', true],
    ['apps/github', 'x/apps/github', false],
    ['*.js', 'a.jsx', false],
    ['*.js', '.js', true],
    ['**/logs', 'logs/a', true],
    ['**/logs', 'a/b/logs', true],
    ['a/**', 'a/b/c', true],
    ['a/**/c', 'a/c', true],
    ['a/**/c', 'a/b/b/c/d', true],
    ['/a?c', 'abc', true],
    ['/a?c', 'a/c', false],
    ['.github/', '.github/workflows/ci.yml', true],
    ['/Docs/', 'docs/a', false],
    ['my\\ file.md', 'my file.md', true],
    ['/my\\ folder/', 'my folder/a', true],
    ['//', 'a', false],
  ])('%j takes %j: %s', async (pattern, path, takes) => {
    expect(await ownersIn(`${pattern} @x`, path)).toBe(takes ? '@x' : '');
  });
});

describe('a line that GitHub skips', () => {
  it.each([
    ['!src/ @a', /!src\/ is no pattern/],
    ['[Documentation]', /\[Documentation\] is no pattern/],
    ['*.[ch] @a', /no pattern/],
    ['\\#a @a', /no pattern/],
    ['/ @a', /no pattern/],
    ['*.js js-owner', /js-owner is no @user, @organisation\/team or email/],
    ['*.js @a @', /^@ is no @user/],
    ['*.js @a/b/c', /is no @user/],
    ['my file.md @a', /file\.md is no @user/],
    [`*.js ${'x'.repeat(500)}`, /^x{80} is no @user/],
  ])('%j', async (line, reason) => {
    const { rules, skipped } = await parseCodeOwners(`* @all\n${line}`);
    expect(rules).toHaveLength(1);
    expect(skipped).toEqual([{ line: 2, reason: expect.stringMatching(reason) as unknown }]);
  });

  it('is told from one that says nothing', async () => {
    expect(await parseCodeOwners('\n  \n# a\n  # b\r\n\t')).toEqual({
      rules: [],
      skipped: [],
      isTooLarge: false,
    });
  });

  it('does not stop the lines after it, and the last one that takes a file decides', async () => {
    expect(await ownersIn('* @a\n*.js @b @\n*.js @c', 'x.js')).toBe('@c');
    expect(await ownersIn('*.js @b\n* @a', 'x.js')).toBe('@a');
    expect(await ownersIn('/src/ @b\n/* @a', 'src/x.js')).toBe('@b');
  });
});

describe('a file', () => {
  it.each([
    ['of more than 3 MB', '* @a\n'.repeat(650_000)],
    ['with thousands of owners in one line', `/a @a\n/b${' @b'.repeat(30_000)}\n`],
  ])('%s is not loaded', async (_what, text) => {
    const read = await parseCodeOwners(text);
    expect(read).toEqual({ rules: [], skipped: [], isTooLarge: true });
  });

  it('is looked for in .github, then at the top, then in docs', () => {
    expect(codeOwnersLocations).toEqual(['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']);
  });

  it('is read whatever it holds', async () => {
    await assert(
      asyncProperty(string(), string(), async (text, path) => {
        const read = await parseCodeOwners(text);
        const [owners] = (await ownersOfPaths(read, [path])) ?? [];
        return owners?.length === 0 || read.rules.length > 0;
      }),
    );
  });

  it('takes no longer for hostile stars than for others', async () => {
    expect(await ownersIn(`${'*a'.repeat(100)}*b @x`, 'a'.repeat(4_000))).toBe('');
  });

  it('is not held against a path for longer than the path is worth: then nobody can say', async () => {
    const lines = slowGlobs.map((glob) => `${glob} @x`).join('\n');
    expect(await ownersIn(lines, slowPath)).toBe('nobody can say');
  });

  it('lets others have their turn while it is read and held against a path', async () => {
    const turns = countTurns();
    const read = await parseCodeOwners('/never @x\n'.repeat(100_000));
    const afterReading = turns.taken();
    expect(afterReading).toBeGreaterThan(100);
    await ownersOfPaths(read, ['a', 'b', 'c', 'd', 'e', 'f']);
    expect(turns.stop() - afterReading).toBeGreaterThanOrEqual(4);
  });

  it('lets others have their turn between its rules, however few there are, and between paths', async () => {
    const read = await parseCodeOwners(`* @all\n${'/never/ @x\n'.repeat(2_000)}`);
    const paths = Array.from({ length: 1_500 }, (_, index) => `docs/${index}.md`);
    const turns = countTurns();
    expect((await ownersOfPaths(read, paths))?.every(([owner]) => owner?.kind === 'user')).toBe(
      true,
    );
    // 3 million comparisons, of which a quarter of a million are one turn.
    expect(turns.stop()).toBeGreaterThanOrEqual(10);
  });

  it.each([
    ['owners', `/never${' @x'.repeat(20_000)}\n`],
    ['dots without end', `/never a@${'.'.repeat(60_000)}@\n`],
  ])('lets others have their turn between long lines of %s', async (_what, line) => {
    const turns = countTurns();
    await parseCodeOwners(line.repeat(40));
    expect(turns.stop()).toBeGreaterThanOrEqual(30);
  });
});

describe('an address', () => {
  it.each(['a@b.c', 'a@b.c.', 'a@b..', 'a@.b', 'a@b.', 'a@b', '@b.c', 'a@b@c.d', 'a@@b.c', '@'])(
    'is something, an @, and something with a dot within: %j',
    async (word) => {
      const { rules } = await parseCodeOwners(`* ${word}`);
      expect(rules).toHaveLength(/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(word) ? 1 : 0);
    },
  );
});

describe('owners', () => {
  it('are asked once for each group', async () => {
    const read = await parseCodeOwners('* @a\n/docs/ @acme/docs\n/free/\n*.md @a\n');
    const paths = ['x', 'y', 'docs/a', 'free/b', 'z.md'];
    const groups = ownerGroups((await ownersOfPaths(read, paths)) ?? []);
    expect(groups.map((owners) => owners.map(nameOf))).toEqual([['@a'], ['@acme/docs']]);
    expect(ownerGroups([[]])).toEqual([]);
  });

  it.each([
    [{ login: 'Alice', teams: [], permission: 'maintain' }, true],
    [{ login: 'alice', teams: [], permission: 'triage' }, false],
    [{ login: 'alice', teams: [], permission: 'none' }, false],
    [{ login: 'alice', teams: [], permission: null }, false],
    [{ login: 'bob', teams: ['acme/docs'], permission: 'read' }, false],
    [{ login: 'bob', teams: [], emails: ['doc@example.com'], permission: 'read' }, false],
    [{ login: 'bob', teams: ['ACME/Docs'] }, true],
    [{ login: 'bob', teams: [], emails: ['Doc@example.com'] }, true],
    [{ login: 'bob', teams: ['acme/other'] }, false],
    [{ login: 'bob', teams: null }, false],
  ] as const)('%j is one: %s', (given, isOne) => {
    const person = { permission: 'write', ...given } as const;
    const owners: readonly CodeOwner[] = [
      { kind: 'user', login: 'alice' },
      { kind: 'team', team: 'acme/docs' },
      { kind: 'email', address: 'doc@example.com' },
    ];
    expect(isOwner(owners, person)).toBe(isOne);
  });
});
