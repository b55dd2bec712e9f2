import { access, chmod, chown, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveLocalRef } from '../../src/adapters/git/local-ref.ts';
import type { CommitSha } from '../../src/domain/ids.ts';
import { hasCode } from '../../src/errors.ts';
import { openPull, readSnapshot, repoPath, unpackBundle } from '../support/pull-snapshot.ts';
import {
  createRepository,
  openRepository,
  runGit,
  temporaryFolder,
} from '../support/repositories.ts';

const [oldFiles, newFiles] = [[{ path: 'a', content: '1\n' }], [{ path: 'a', content: '2\n' }]];

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

describe('a local repository as source', () => {
  it('is read and never written to', async () => {
    await using pull = await openPull(oldFiles, newFiles);
    await pull.repository.git(['update-ref', 'refs/heads/main', pull.headSha]);
    const before = await pull.repository.fingerprint();
    await resolveLocalRef(pull.repository.path, 'main');
    await pull.snapshot();
    expect(await pull.repository.fingerprint()).toBe(before);
  });

  it('runs nothing that its configuration or hooks name', async () => {
    await using pull = await openPull(oldFiles, newFiles);
    const { repository, folder } = pull;
    const marker = join(folder, 'ran');
    const script = join(folder, 'evil.sh');
    await writeFile(script, `#!/bin/sh\ntouch ${marker}\nexec "$@"\n`);
    await chmod(script, 0o755);
    const settings = [
      ['uploadpack.packObjectsHook', script],
      ['core.fsmonitor', script],
      ['core.sshCommand', script],
      ['core.alternateRefsCommand', script],
      ['core.gitProxy', script],
      ['core.pager', script],
      ['credential.helper', script],
      ['diff.external', script],
    ] as const;
    for (const [key, value] of settings) await repository.git(['config', key, value]);
    await mkdir(join(repository.gitDir, 'hooks'), { recursive: true });
    for (const hook of ['post-checkout', 'reference-transaction', 'pre-receive', 'update']) {
      await writeFile(join(repository.gitDir, 'hooks', hook), `#!/bin/sh\ntouch ${marker}\n`, {
        mode: 0o755,
      });
    }
    await repository.git(['update-ref', '--no-deref', 'HEAD', pull.headSha]);
    // That update ran the hook: the marker works. From here on it must stay away.
    expect(await exists(marker)).toBe(true);
    await rm(marker);
    await resolveLocalRef(repository.path, 'HEAD');
    await pull.snapshot();
    expect(await exists(marker)).toBe(false);
  });

  it('that is a partial clone fetches nothing lazily, least of all by a command of its own', async () => {
    await using pull = await openPull(oldFiles, newFiles);
    const { repository, folder } = pull;
    const marker = join(folder, 'ran');
    const settings = [
      ['core.repositoryformatversion', '1'],
      ['extensions.partialClone', 'origin'],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.url', repository.path],
      ['remote.origin.uploadpack', `touch ${marker}; git-upload-pack`],
    ] as const;
    for (const [key, value] of settings) await repository.git(['config', key, value]);
    const absent = '1'.repeat(40);
    const headSha = await repository.commitRawTree(
      Buffer.concat([Buffer.from('100644 gone\0'), Buffer.from(absent, 'hex')]),
    );
    const reading = readSnapshot(repository, { ...pull, headSha });
    await expect(reading).rejects.toSatisfy((error) => hasCode(error, 'git.failed'));
    await expect(resolveLocalRef(repository.path, absent)).rejects.toSatisfy((error) =>
      hasCode(error, 'git.missing-commit'),
    );
    expect(await exists(marker)).toBe(false);
    // The same question without our environment does run the command: the case is a real one.
    const careless = repository.git(['rev-parse', '--verify', `${absent}^{commit}`]);
    await expect(careless).rejects.toThrow(/fatal/);
    expect(await exists(marker)).toBe(true);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'may belong to another user (skipped unless root)',
    async () => {
      await using pull = await openPull(oldFiles, newFiles);
      const { repository, headSha } = pull;
      await repository.git(['update-ref', 'refs/heads/main', headSha]);
      const inside = await readdir(repository.path, { recursive: true });
      for (const name of ['', ...inside]) await chown(join(repository.path, name), 65_534, 65_534);
      // Without an exception for this one folder git refuses it: the case is a real one.
      await expect(runGit(['-C', repository.path, 'rev-parse', 'main'])).rejects.toThrow(/dubious/);
      expect(await resolveLocalRef(repository.path, 'main')).toBe(headSha);
      expect((await pull.snapshot()).changedFiles).toHaveLength(1);
    },
  );

  it('may be bare, or a linked working tree', async () => {
    await using pull = await openPull(oldFiles, newFiles);
    const { repository, folder, headSha } = pull;
    await repository.git(['update-ref', 'refs/heads/main', headSha]);
    const bare = join(folder, 'bare.git');
    const linked = join(folder, 'linked');
    await runGit(['clone', '--quiet', '--bare', repository.path, bare]);
    await runGit([
      '-C',
      repository.path,
      'worktree',
      'add',
      '--quiet',
      '--detach',
      linked,
      headSha,
    ]);
    for (const [path, mirrors] of [
      [bare, 'm1'],
      [linked, 'm2'],
    ] as const) {
      const source = openRepository(path, { bare: true });
      const snapshot = await readSnapshot(source, { ...pull, mirrorsDir: join(folder, mirrors) });
      expect(snapshot.changedFiles).toHaveLength(1);
      expect(await resolveLocalRef(path, 'HEAD')).toBe(headSha);
    }
  });

  it('may be a shallow clone, as CI makes them: then there may be no merge base', async () => {
    await using pull = await openPull(oldFiles, newFiles);
    const { repository, folder, headSha } = pull;
    const tip = await repository.commit([{ path: 'a', content: '3\n' }], { parents: [headSha] });
    await repository.git(['update-ref', 'refs/heads/main', tip]);
    const shallow = join(folder, 'shallow');
    const source = `file://${repository.path}`;
    await runGit(['clone', '--quiet', '--depth=2', '--bare', source, shallow]);
    const clone = openRepository(shallow, { bare: true });
    const mirrorsDir = join(folder, 'other');
    const snapshot = await readSnapshot(clone, { mirrorsDir, headSha: tip, baseSha: headSha });
    expect(snapshot).toMatchObject({ mergeBaseSha: headSha, changedFiles: [{ path: 'a' }] });
    const beyond = readSnapshot(clone, { ...pull, mirrorsDir, headSha: tip });
    await expect(beyond).rejects.toSatisfy((error) => hasCode(error, 'git.missing-commit'));
  });
});

describe('histories', () => {
  it('that share nothing are compared as they are', async () => {
    await using pull = await openPull(oldFiles, newFiles);
    const headSha = await pull.repository.commit([{ path: 'b', content: 'b\n' }]);
    const snapshot = await readSnapshot(pull.repository, { ...pull, headSha });
    expect(snapshot.mergeBaseSha).toBe(pull.baseSha);
    expect(snapshot.changedFiles.map(({ status }) => status)).toEqual(['deleted', 'added']);
  });

  it('where the base moved on are compared from where they parted', async () => {
    await using pull = await openPull(oldFiles, newFiles);
    const { repository, baseSha: parted } = pull;
    const moved = [...oldFiles, { path: 'elsewhere', content: 'x\n' }];
    const baseSha = await repository.commit(moved, { parents: [parted] });
    const snapshot = await readSnapshot(repository, { ...pull, baseSha });
    expect(snapshot).toMatchObject({ baseSha, mergeBaseSha: parted });
    expect(snapshot.changedFiles.map(({ path }) => path)).toEqual(['a']);
  });

  it('with head equal to base have an empty diff', async () => {
    await using pull = await openPull(oldFiles, newFiles);
    const snapshot = await readSnapshot(pull.repository, { ...pull, baseSha: pull.headSha });
    expect(snapshot.changedFiles).toEqual([]);
    expect(snapshot.diff).toHaveLength(0);
    expect(await snapshot.readHead(repoPath('a'))).toBeDefined();
    const bodies = (await unpackBundle(snapshot)).slice(1).map(({ name, body }) => [name, body]);
    expect(bodies).toEqual([
      ['diff.patch', ''],
      ['head/a', '2\n'],
    ]);
  });

  it('with a damaged or ancient date count as the epoch', async () => {
    await using pull = await openPull(oldFiles, newFiles, 0);
    expect((await pull.snapshot()).headTime).toBe(0);
  });
});

describe('resolving a local reference', () => {
  it('gives the commit of a branch, a tag, an id and an ancestor', async () => {
    await using pull = await openPull(oldFiles, newFiles);
    const { repository, headSha, baseSha } = pull;
    await repository.git(['update-ref', 'refs/heads/feature/x', headSha]);
    await repository.git([
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@example.org',
      'tag',
      '-m',
      't',
      'v1',
      headSha,
    ]);
    const resolved: CommitSha[] = [];
    for (const ref of ['feature/x', 'v1', headSha, headSha.slice(0, 10), 'v1~1']) {
      resolved.push(await resolveLocalRef(repository.path, ref));
    }
    expect(resolved).toEqual([headSha, headSha, headSha, headSha, baseSha]);
  });

  const refused = [
    'absent',
    '',
    '--all',
    '--git-dir=/',
    '-h',
    'a b',
    'a\nb',
    'HEAD',
    'x'.repeat(251),
  ];

  it.each(refused)('refuses %j', async (ref) => {
    await using folder = await temporaryFolder();
    const repository = await createRepository(join(folder.path, 'unborn'));
    await expect(resolveLocalRef(repository.path, ref)).rejects.toSatisfy((error) =>
      hasCode(error, 'git.missing-commit'),
    );
  });

  it('refuses a tree, and a folder that only lies inside a repository', async () => {
    await using pull = await openPull(oldFiles, newFiles);
    const { repository, headSha } = pull;
    await expect(resolveLocalRef(repository.path, `${headSha}^{tree}`)).rejects.toThrow(
      /names no commit/,
    );
    const inner = join(repository.path, 'inner');
    await mkdir(inner);
    await expect(resolveLocalRef(inner, headSha)).rejects.toSatisfy((error) =>
      hasCode(error, 'git.no-repository'),
    );
    await expect(resolveLocalRef(join(inner, 'nowhere'), headSha)).rejects.toSatisfy((error) =>
      hasCode(error, 'git.no-repository'),
    );
  });

  it.each(['relative', '', '/a/../b', 'https://git.example.org/x.git', '/a\nb'])(
    'refuses the place %j',
    async (place) => {
      await expect(resolveLocalRef(place, 'main')).rejects.toSatisfy((error) =>
        hasCode(error, 'git.failed'),
      );
    },
  );
});
