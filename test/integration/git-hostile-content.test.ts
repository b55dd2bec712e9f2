import { describe, expect, it } from 'vitest';
import { hasCode } from '../../src/errors.ts';
import { openPull, readSnapshot, repoPath, unpackBundle } from '../support/pull-snapshot.ts';
import { rawTree, runGit } from '../support/repositories.ts';

/** Attributes that would hide, change or run something if anyone honoured them. */
const hostileAttributes = [
  '* -diff',
  '* binary',
  '* export-ignore',
  '* export-subst',
  '* diff=evil',
  '* filter=evil',
  '* working-tree-encoding=UTF-16',
  '* eol=crlf text',
  '* ident',
  '* linguist-generated',
];

describe('a .gitattributes in the pull request', () => {
  it.each(hostileAttributes)('has no effect on what is reviewed: %s', async (line) => {
    const code = 'const id = "$Id$ $Format:%H$";\nsteal();\n';
    await using pull = await openPull(
      [{ path: 'keep', content: 'x\n' }],
      [
        { path: 'keep', content: 'x\n' },
        { path: '.gitattributes', content: `${line}\n` },
        { path: 'sub/.gitattributes', content: `${line}\n` },
        { path: 'sub/evil.ts', content: code },
      ],
    );
    const snapshot = await pull.snapshot();
    const evil = snapshot.changedFiles.find((file) => file.path === 'sub/evil.ts');
    expect(evil).toMatchObject({ kind: 'text', addedLines: [[1, 2]] });
    expect(Buffer.from(snapshot.diff).toString()).toContain('+steal();');
    const entries = await unpackBundle(snapshot);
    expect(entries.find(({ name }) => name === 'head/sub/evil.ts')?.body).toBe(code);
  });
});

describe('paths as authors can make them', () => {
  const odd = [
    'with space.txt',
    '-rf',
    '--upload-pack=touch pwned',
    'quote".txt',
    "apostrophe'.txt",
    'tab\tand\nnewline.txt',
    'back\\slash.txt',
    'naïve/日本語/😀.txt',
    ':(exclude)*',
    '$(touch pwned)',
    ' b/x',
    'a\rb',
    'diff --git a/x b/x',
  ];

  it.each(odd)('are carried as they are: %j', async (name) => {
    await using pull = await openPull([], [{ path: name, content: 'one\ntwo\n' }]);
    const snapshot = await pull.snapshot();
    expect(snapshot.changedFiles).toEqual([
      { path: name, previousPath: null, status: 'added', kind: 'text', addedLines: [[1, 2]] },
    ]);
    expect((await snapshot.readHead(repoPath(name)))?.bytes).toEqual(Buffer.from('one\ntwo\n'));
    const entries = await unpackBundle(snapshot);
    expect(entries.at(-1)).toMatchObject({ name: `head/${name}`, body: 'one\ntwo\n' });
    expect(snapshot.omitted).toEqual([]);
  });

  it('are left out with a reason when they are not UTF-8', async () => {
    const name = Buffer.from([0x66, 0xff, 0x2e, 0x74]);
    await using pull = await openPull(
      [],
      [
        { path: name, content: 'hidden\n' },
        { path: 'seen', content: 'seen\n' },
      ],
    );
    const snapshot = await pull.snapshot();
    expect(snapshot.omitted).toEqual([{ path: 'f\ufffd.t', reason: 'not-utf8-path' }]);
    expect(snapshot.changedFiles.map((file) => file.path)).toEqual(['seen']);
    expect(Buffer.from(snapshot.diff).toString()).toContain(String.raw`b/f\377.t`);
  });

  it('are left out with a reason when another file system would take them for something else', async () => {
    await using pull = await openPull(
      [],
      [
        { path: 'x/git~2', content: 'a\n' },
        { path: 'long'.repeat(1_100), content: 'b\n' },
      ],
    );
    const { omitted, changedFiles } = await pull.snapshot();
    expect(omitted.map(({ reason }) => reason)).toEqual(['bad-path', 'bad-path']);
    expect(omitted[0]?.path).toHaveLength(4_096);
    expect(changedFiles).toEqual([]);
  });

  it('keep symlinks as data, and leave out those with impossible targets', async () => {
    await using pull = await openPull(
      [],
      [
        { path: 'absolute', content: '/etc/shadow', mode: '120000' },
        { path: 'empty', content: '', mode: '120000' },
        { path: 'latin', content: Buffer.from([0xe9]), mode: '120000' },
        { path: 'long', content: 'x'.repeat(4_096), mode: '120000' },
        { path: 'nul', content: 'a\0b', mode: '120000' },
      ],
    );
    const snapshot = await pull.snapshot();
    expect(snapshot.omitted.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      'empty bad-path',
      'latin not-utf8-path',
      'long bad-path',
      'nul bad-path',
    ]);
    const links = (await unpackBundle(snapshot)).filter(({ type }) => type === 'symlink');
    expect(links.map(({ linkname }) => linkname)).toEqual(['/etc/shadow']);
  });
});

describe('content that imitates a diff', () => {
  it('moves no line of another file', async () => {
    const forged = [
      '--- a/x',
      '+++ b/x',
      '@@ -1,9 +1,9 @@',
      'diff --git a/x b/x',
      'Binary files a and b differ',
    ];
    const before = forged.map((line) => `${line}\n`).join('');
    await using pull = await openPull(
      [
        { path: 'a', content: before },
        { path: 'b', content: '1\n2\n' },
      ],
      [
        { path: 'a', content: `${before}${before}\\ No newline at end of file\n-- x\n++ y` },
        { path: 'b', content: '1\nX\n' },
      ],
    );
    const { changedFiles } = await pull.snapshot();
    expect(changedFiles.map(({ path, kind, addedLines }) => [path, kind, addedLines])).toEqual([
      ['a', 'text', [[6, 13]]],
      ['b', 'text', [[2, 2]]],
    ]);
  });

  it('a NUL makes a file binary, and the diff says so', async () => {
    await using pull = await openPull([], [{ path: 'a.js', content: 'evil()\n\0' }]);
    const snapshot = await pull.snapshot();
    expect(snapshot.changedFiles[0]).toMatchObject({ kind: 'binary', addedLines: [] });
    expect(Buffer.from(snapshot.diff).toString()).toContain('Binary files');
  });
});

describe('a malformed tree', () => {
  const entries = [
    ['a .git folder', ['.git']],
    ['a .GIT folder', ['.GIT']],
    ['a short name of .git', ['git~1']],
    ['a parent folder', ['..']],
    ['a path in one name', ['a/b']],
    ['an entry twice', ['a', 'a']],
    ['entries out of order', ['b', 'a']],
  ] as const;

  it.each(entries)('with %s is refused, and the mirror stays usable', async (_, names) => {
    await using pull = await openPull([], [{ path: 'good', content: 'good\n' }]);
    const { repository, baseSha, mirrorsDir } = pull;
    const sha = await repository.blob('evil\n');
    const inner = names.map((name) => ({ mode: '100644', name, sha }));
    const bad = await repository.commitRawTree(rawTree(inner), { parents: [baseSha] });
    const attempt = (): Promise<unknown> =>
      readSnapshot(repository, { mirrorsDir, headSha: bad, baseSha });
    await expect(attempt()).rejects.toThrow(/malformed object \(\w+ in [0-9a-f]{40}\)/);
    const counts = await runGit([`--git-dir=${mirrorsDir}/local-1.git`, 'count-objects', '-v']);
    expect(counts.toString()).toMatch(/^count: 0\n(?:.+\n)*in-pack: 0\n/);
    // git keeps objects of a refused fetch unless told otherwise; a retry must not let them in.
    await expect(attempt()).rejects.toSatisfy((error) => hasCode(error, 'git.failed'));
    expect((await pull.snapshot()).changedFiles.map((file) => file.path)).toEqual(['good']);
  });

  it.each([
    ['an empty name', (sha: string) => rawTree([{ mode: '100644', name: '', sha }])],
    ['a mode that is no number', (sha: string) => rawTree([{ mode: '1006x4', name: 'a', sha }])],
    ['a missing blob', () => rawTree([{ mode: '100644', name: 'a', sha: '1'.repeat(40) }])],
    [
      'half an entry',
      (sha: string) => rawTree([{ mode: '100644', name: 'a', sha }]).subarray(0, 20),
    ],
  ])('with %s is refused, by the source or by the mirror', async (_, treeOf) => {
    await using pull = await openPull([], [{ path: 'good', content: 'good\n' }]);
    const { repository, baseSha, mirrorsDir } = pull;
    const tree = treeOf(await repository.blob('evil\n'));
    const bad = await repository.commitRawTree(tree, { parents: [baseSha] });
    const refused = readSnapshot(repository, { mirrorsDir, headSha: bad, baseSha });
    await expect(refused).rejects.toSatisfy((error) => hasCode(error, 'git.failed'));
    await expect(refused).rejects.toThrow(/malformed/);
    expect((await pull.snapshot()).changedFiles.map((file) => file.path)).toEqual(['good']);
  });

  it('with modes that git has no name for is read as git reads it', async () => {
    await using pull = await openPull([], [{ path: 'good', content: 'good\n' }]);
    const { repository, baseSha, mirrorsDir } = pull;
    const sha = await repository.blob('content\n');
    const tree = rawTree([
      { mode: '100664', name: 'group-writable', sha },
      { mode: '104755', name: 'setuid', sha },
      { mode: '777777', name: 'strange', sha },
    ]);
    const headSha = await repository.commitRawTree(tree, { parents: [baseSha] });
    const snapshot = await readSnapshot(repository, { mirrorsDir, headSha, baseSha });
    expect(snapshot.omitted).toEqual([{ path: 'strange', reason: 'submodule' }]);
    expect((await unpackBundle(snapshot)).slice(2).map(({ name, mode }) => [name, mode])).toEqual([
      ['head/group-writable', 0o644],
      ['head/setuid', 0o755],
    ]);
  });

  it('with a .gitmodules that runs something is refused', async () => {
    const modules = '[submodule "x"]\n\tpath = x\n\turl = --upload-pack=touch pwned\n';
    await using pull = await openPull([], [{ path: '.gitmodules', content: modules }]);
    await expect(pull.snapshot()).rejects.toThrow(/malformed object \(gitmodulesUrl in/);
  });

  it('with zero-padded modes, as old tools wrote them, is read', async () => {
    await using pull = await openPull([], [{ path: 'good', content: 'good\n' }]);
    const { repository, baseSha, mirrorsDir } = pull;
    const inner = rawTree([{ mode: '100644', name: 'f', sha: await repository.blob('old\n') }]);
    const tree = await repository.git(['hash-object', '-w', '-t', 'tree', '--stdin'], inner);
    const sha = tree.toString('latin1').trim();
    const headSha = await repository.commitRawTree(rawTree([{ mode: '040000', name: 'd', sha }]), {
      parents: [baseSha],
    });
    const snapshot = await readSnapshot(repository, { mirrorsDir, headSha, baseSha });
    expect(snapshot.kindInHead(repoPath('d/f'))).toBe('file');
  });

  it('that names more paths than any disk holds is cut off', { timeout: 30_000 }, async () => {
    await using pull = await openPull([], [{ path: 'good', content: 'good\n' }]);
    const { repository, baseSha, mirrorsDir } = pull;
    let sha = await repository.blob('bomb\n');
    let mode = '100644';
    let tree: Buffer = Buffer.alloc(0);
    for (let depth = 0; depth < 12; depth += 1) {
      tree = rawTree(Array.from('0123456789', (name) => ({ mode, name, sha })));
      const id = await repository.git(['hash-object', '-w', '-t', 'tree', '--stdin'], tree);
      sha = id.toString('latin1').trim();
      mode = '40000';
    }
    const headSha = await repository.commitRawTree(tree, { parents: [baseSha] });
    const cut = readSnapshot(repository, { mirrorsDir, headSha, baseSha });
    await expect(cut).rejects.toSatisfy((error) => hasCode(error, 'input.too-large'));
  });
});
