import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { describe, expect, it, vi } from 'vitest';
import { GitSource } from '../../src/adapters/git/git-source.ts';
import { hasCode } from '../../src/errors.ts';
import type { SourceSnapshot } from '../../src/ports/source.ts';
import { ChangedFile } from '../../src/protocol/task-input.ts';
import {
  openPull,
  readSnapshot,
  repoPath,
  roomyLimits,
  taskInputFor,
  unpackBundle,
} from '../support/pull-snapshot.ts';
import { manyFiles } from '../support/repositories.ts';

async function sha256Of(snapshot: SourceSnapshot, cause?: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of snapshot.bundle(taskInputFor(snapshot, cause)).stream()) {
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}

/** Command lines of running processes that name both words. */
async function runningWith(command: string, folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'gone')),
  );
  return lines.filter((line) => line.includes(command) && line.includes(folder));
}

describe('a bundle', () => {
  it('is the same bytes and digest from another mirror, and whatever the order of the keys', async () => {
    await using pull = await openPull([{ path: 'a', content: 'a\n' }], manyFiles(50, 3_000));
    const { repository, headSha, baseSha, folder } = pull;
    const one = await pull.snapshot();
    const other = await readSnapshot(repository, {
      mirrorsDir: `${folder}/other`,
      headSha,
      baseSha,
    });
    const input = taskInputFor(other);
    const reversed = Object.fromEntries(Object.entries(input).toReversed()) as typeof input;
    expect(other.bundle(reversed).digest).toBe(one.bundle(taskInputFor(one)).digest);
    expect(await sha256Of(other)).toBe(await sha256Of(one));
  });

  it('has a digest that a task id does not change and everything else does', async () => {
    const head = [{ path: 'a', content: 'a\n' }];
    await using pull = await openPull([], head);
    const snapshot = await pull.snapshot();
    const input = taskInputFor(snapshot);
    const { digest } = snapshot.bundle(input);
    expect(snapshot.bundle(taskInputFor(snapshot, 'two')).digest).toBe(digest);
    expect(snapshot.bundle({ ...input, instructions: 'x' }).digest).not.toBe(digest);
    const executable = await pull.repository.commit([
      { path: 'a', content: 'a\n', mode: '100755' },
    ]);
    const changed = await readSnapshot(pull.repository, { ...pull, headSha: executable });
    // The same task text, so that only the files differ.
    expect(changed.bundle(input).digest).not.toBe(digest);
  });

  it('has nothing of files that are no input, neither in the tree nor in the diff', async () => {
    const base = [
      { path: 'src/a', content: 'a\n' },
      { path: 'secret/b', content: 'old password\n' },
    ];
    const head = [
      { path: 'src/a', content: 'A\n' },
      { path: 'secret/b', content: 'new password\n' },
      { path: 'secret/c', content: 'unchanged password\n' },
    ];
    await using pull = await openPull(base, head);
    const isInput = async (path: string): Promise<boolean> => !path.startsWith('secret/');
    const all = await unpackBundle(await pull.snapshot());
    expect(JSON.stringify(all)).toContain('password');
    const snapshot = await pull.snapshot({ isInput });
    const entries = await unpackBundle(snapshot);
    const [diff] = entries.filter(({ body }) => body.startsWith('diff --git'));
    expect(diff?.body).toContain('a/src/a');
    expect(JSON.stringify(entries)).not.toContain('password');
    // What people see of the pull request, and what a result is compared with, stays whole.
    expect(Buffer.from(snapshot.diff).toString()).toContain('password');
    expect(snapshot.kindInHead(repoPath('secret/b'))).toBe('file');
  });

  it('refuses a task with a field of its own, which could be a credential', async () => {
    await using pull = await openPull([], [{ path: 'a', content: 'a\n' }]);
    const snapshot = await pull.snapshot();
    const input = { ...taskInputFor(snapshot), token: 'secret' };
    expect(() => snapshot.bundle(input)).toThrow(/token/);
  });

  it('carries a 10 MB file byte for byte', async () => {
    const large = Buffer.alloc(10_000_000, 'large file, no line end. ');
    await using pull = await openPull([], [{ path: 'large.bin', content: large }]);
    const snapshot = await pull.snapshot({ inputFileBytes: 20_000_000 });
    const entry = (await unpackBundle(snapshot)).find(({ name }) => name === 'head/large.bin');
    expect(entry?.body === large.toString()).toBe(true);
  });

  it.skipIf(process.platform !== 'linux')('stops git when its reader goes away', async () => {
    await using pull = await openPull([], manyFiles(300, 50_000));
    const snapshot = await pull.snapshot();
    const stream = snapshot.bundle(taskInputFor(snapshot)).stream();
    for await (const _ of stream) {
      expect(await runningWith('cat-file', pull.mirrorsDir)).toHaveLength(1);
      break;
    }
    await finished(stream).catch(() => undefined);
    await vi.waitFor(async () => {
      expect(await runningWith('cat-file', pull.mirrorsDir)).toEqual([]);
    });
  });

  it('ends with the reason when the task is cancelled half-way', async () => {
    await using pull = await openPull([], manyFiles(300, 50_000));
    const { repository, mirrorsDir, headSha, baseSha } = pull;
    const cancelled = new AbortController();
    const location = { mirrorKey: 'local-1', url: repository.path, token: null };
    const source = new GitSource({ mirrorsDir });
    const commits = { headSha, baseSha };
    const snapshot = await source.snapshot(location, commits, roomyLimits, cancelled.signal);
    const reason = new Error('cancelled by a person');
    const drain = async (): Promise<void> => {
      for await (const _ of snapshot.bundle(taskInputFor(snapshot)).stream())
        cancelled.abort(reason);
    };
    await expect(drain()).rejects.toBe(reason);
    await expect(snapshot.readHead(repoPath('src/d0/f0.txt'))).rejects.toBe(reason);
  });
});

describe('limits', () => {
  it('leave a file out that is too large, and show it as binary in the diff', async () => {
    await using pull = await openPull(
      [],
      [
        { path: 'fits', content: 'x'.repeat(100) },
        { path: 'too-large', content: 'y\n'.repeat(51) },
      ],
    );
    const snapshot = await pull.snapshot({ inputFileBytes: 100 });
    expect(snapshot.omitted).toEqual([{ path: 'too-large', reason: 'too-large' }]);
    expect(snapshot.changedFiles.map(({ path, kind }) => [path, kind])).toEqual([
      ['fits', 'text'],
      ['too-large', 'binary'],
    ]);
    expect(snapshot.diff.length).toBeLessThan(600);
    expect((await unpackBundle(snapshot)).map(({ name }) => name)).not.toContain('head/too-large');
    expect(snapshot.kindInHead(repoPath('too-large'))).toBe('file');
    await expect(snapshot.readHead(repoPath('too-large'))).rejects.toSatisfy((error) =>
      hasCode(error, 'input.too-large'),
    );
  });

  it('refuse a head that is too large as a whole, and only then', async () => {
    await using pull = await openPull(
      [],
      [
        { path: 'a', content: 'x'.repeat(100) },
        { path: 'b', content: 'x'.repeat(100) },
      ],
    );
    await expect(pull.snapshot({ workspaceBytes: 199 })).rejects.toSatisfy((error) =>
      hasCode(error, 'input.too-large'),
    );
    await expect(pull.snapshot({ workspaceBytes: 200 })).resolves.toBeDefined();
  });

  it('let a pull request of 5,000 files with 1,000 changed ones through', async () => {
    const files = manyFiles(5_000, 1_000);
    const edited = files.map((file, index) =>
      index < 1_000 ? { ...file, content: `changed\n${file.content.toString()}` } : file,
    );
    await using pull = await openPull(files, edited);
    const snapshot = await pull.snapshot();
    expect(snapshot.changedFiles).toHaveLength(1_000);
    expect(snapshot.changedFiles.every((file) => ChangedFile.safeParse(file).success)).toBe(true);
    expect(
      snapshot.changedFiles.every(({ addedLines }) => addedLines.flat().join() === '1,1'),
    ).toBe(true);
    expect(await unpackBundle(snapshot)).toHaveLength(5_002);
  });
});
