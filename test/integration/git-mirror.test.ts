import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { GitSource } from '../../src/adapters/git/git-source.ts';
import { MirrorLock } from '../../src/adapters/git/mirror-lock.ts';
import { CommitSha } from '../../src/domain/ids.ts';
import { hasCode } from '../../src/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { SourceSnapshot } from '../../src/ports/source.ts';
import type { GitHttp, Interceptor } from '../support/git-http.ts';
import { serveRepository } from '../support/git-http.ts';
import { neverAborted, openPull, readSnapshot, roomyLimits } from '../support/pull-snapshot.ts';
import { createRepository, temporaryFolder } from '../support/repositories.ts';

const readPull = fileURLToPath(new URL('../support/read-pull.ts', import.meta.url));

interface Remote extends AsyncDisposable {
  readonly http: GitHttp;
  readonly mirrorsDir: string;
  readonly headSha: CommitSha;
  readonly baseSha: CommitSha;
}

async function serve(intercept?: Interceptor): Promise<Remote> {
  const folder = await temporaryFolder();
  const repository = await createRepository(join(folder.path, 'source.git'), { bare: true });
  const baseSha = await repository.commit([{ path: 'a', content: '1\n' }]);
  const headSha = await repository.commit([{ path: 'a', content: '2\n' }], { parents: [baseSha] });
  const http = await serveRepository(repository.gitDir, intercept);
  return {
    http,
    mirrorsDir: join(folder.path, 'mirrors'),
    headSha,
    baseSha,
    [Symbol.asyncDispose]: async () => {
      await http[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function read(source: GitSource, remote: Remote, signal = neverAborted): Promise<SourceSnapshot> {
  const location = { mirrorKey: 'shared', url: remote.http.url, token: null };
  return source.snapshot(location, remote, roomyLimits, signal);
}

function startReader({ mirrorsDir, http, headSha, baseSha }: Remote) {
  const args = [readPull, mirrorsDir, http.url, headSha, baseSha];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** How often the server was asked what it has: once for each fetch. */
function fetchesOf({ http }: Remote): number {
  return http.seen.filter(({ path }) => path.endsWith('/info/refs')).length;
}

/** A clock whose waits are over at once; `onWait` is told of each. */
function wakingClock(onWait: () => void = () => undefined): Clock {
  return {
    nowMs: () => 0,
    after: (_ms, signal) => {
      onWait();
      return delay(1, undefined, signal && { signal }).catch(() => undefined);
    },
  };
}

describe('a mirror', () => {
  it('is fetched into once by all tasks of a process, and of several sources', async () => {
    await using remote = await serve();
    const sources = [1, 2, 3].map(() => new GitSource({ mirrorsDir: remote.mirrorsDir }));
    const snapshots = await Promise.all(
      [...sources, ...sources].map((source) => read(source, remote)),
    );
    expect(snapshots.map(({ changedFiles }) => changedFiles.length)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(fetchesOf(remote)).toBe(1);
  });

  it('is fetched into once by several processes', async () => {
    await using remote = await serve();
    const readers = [1, 2, 3].map(() => startReader(remote));
    expect(await Promise.all(readers.map(({ stdout }) => text(stdout)))).toEqual([
      '1\n',
      '1\n',
      '1\n',
    ]);
    expect(fetchesOf(remote)).toBe(1);
  });

  it('is free again when the process that held it is killed in the middle of a fetch', async () => {
    const arrived = Promise.withResolvers<void>();
    const killed = Promise.withResolvers<void>();
    await using remote = await serve(async (req) => {
      if (req.method !== 'POST') return false;
      arrived.resolve();
      await killed.promise;
      return false;
    });
    const reader = startReader(remote);
    await arrived.promise;
    reader.kill('SIGKILL');
    await once(reader, 'exit');
    killed.resolve();
    const source = new GitSource({ mirrorsDir: remote.mirrorsDir });
    expect((await read(source, remote)).changedFiles).toHaveLength(1);
  });

  it('shrugs off what a crash leaves behind', async () => {
    await using pull = await openPull([], [{ path: 'a', content: 'a\n' }]);
    const { mirrorsDir, repository, headSha, baseSha } = pull;
    await mkdir(join(mirrorsDir, 'local-1.git.new', 'objects'), { recursive: true });
    await readSnapshot(repository, { mirrorsDir, headSha: baseSha, baseSha });
    const mirror = join(mirrorsDir, 'local-1.git');
    const leftovers = [
      join('objects', 'pack', 'tmp_pack_x1'),
      join('objects', 'pack', 'pack-1.keep'),
      join('refs', 'sallyport', `${headSha}.lock`),
      'packed-refs.lock',
      'shallow.lock',
    ];
    for (const name of leftovers) await writeFile(join(mirror, name), 'half');
    expect((await pull.snapshot()).changedFiles).toHaveLength(1);
    const files = await readdir(mirror, { recursive: true });
    expect(leftovers.filter((name) => files.includes(name))).toEqual([]);
    expect(await readdir(mirrorsDir)).not.toContain('local-1.git.new');
  });

  it('has a fixed configuration, no hooks and private refs only', async () => {
    await using pull = await openPull([], [{ path: 'a', content: 'a\n' }]);
    await pull.repository.git(['update-ref', 'refs/tags/v1', pull.headSha]);
    await pull.snapshot();
    const mirror = join(pull.mirrorsDir, 'local-1.git');
    const files = await readdir(mirror, { recursive: true });
    expect(files).not.toContain('hooks');
    expect(files).not.toContain('FETCH_HEAD');
    expect(files.filter((name) => /^refs\/(?:heads|tags)\/./.test(name))).toEqual([]);
    expect(files.filter((name) => name.startsWith('refs/sallyport/')).sort()).toEqual(
      [pull.headSha, pull.baseSha].map((sha) => `refs/sallyport/${sha}`).sort(),
    );
    expect(await readFile(join(mirror, 'config'), 'utf8')).toContain('fsckObjects = true');
  });

  it('joins its packs before there are too many, and loses nothing', async () => {
    await using pull = await openPull([], [{ path: 'a', content: 'a\n' }]);
    const { mirrorsDir, repository, baseSha } = pull;
    const heads: CommitSha[] = [];
    for (let round = 0; round < 52; round += 1) {
      heads.push(await repository.commit([{ path: 'a', content: `${String(round)}\n` }]));
    }
    for (const headSha of heads) await readSnapshot(repository, { mirrorsDir, headSha, baseSha });
    const packs = await readdir(join(mirrorsDir, 'local-1.git', 'objects', 'pack'));
    expect(packs.filter((name) => name.endsWith('.pack')).length).toBeLessThan(10);
    await rename(repository.path, `${repository.path}-gone`);
    for (const headSha of heads) {
      const snapshot = await readSnapshot(repository, { mirrorsDir, headSha, baseSha });
      expect(snapshot.changedFiles).toHaveLength(1);
    }
  });

  it('of a fetch that grows past its ceiling keeps nothing', async () => {
    await using pull = await openPull([], [{ path: 'noise', content: randomBytes(20_000_000) }]);
    const { mirrorsDir, repository } = pull;
    const source = new GitSource({ mirrorsDir, clock: wakingClock(), maxFetchBytes: 1_000_000 });
    const location = { mirrorKey: 'local-1', url: repository.path, token: null };
    const refused = source.snapshot(location, pull, roomyLimits, neverAborted);
    await expect(refused).rejects.toSatisfy((error) => hasCode(error, 'input.too-large'));
    const packs = await readdir(join(mirrorsDir, 'local-1.git', 'objects', 'pack'));
    expect(packs.filter((name) => name.endsWith('.pack'))).toEqual([]);
    expect((await pull.snapshot({ inputFileBytes: 30_000_000 })).changedFiles).toHaveLength(1);
  });
});

describe('waiting for a mirror', () => {
  it.each(['another task of this process', 'another process'])(
    'that %s holds ends when the waiting task is cancelled',
    async (holder) => {
      await using folder = await temporaryFolder();
      const file = join(folder.path, 'mirror.lock');
      const polled = Promise.withResolvers<void>();
      const lock = new MirrorLock(wakingClock(() => polled.resolve()));
      const held = Promise.withResolvers<void>();
      const holds = holder === 'another process' ? new MirrorLock(wakingClock()) : lock;
      const holding = holds.hold(file, neverAborted, () => held.promise);
      const cancelled = new AbortController();
      const reason = new Error('cancelled by a person');
      const waiting = lock.hold(file, cancelled.signal, () => Promise.resolve('entered'));
      if (holder === 'another process') await polled.promise;
      cancelled.abort(reason);
      await expect(waiting).rejects.toBe(reason);
      held.resolve();
      await holding;
      expect(await lock.hold(file, neverAborted, () => Promise.resolve('entered'))).toBe('entered');
    },
  );

  it('lets one in at a time, and the next one after a failure', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'mirror.lock');
    const locks = [new MirrorLock(wakingClock()), new MirrorLock(wakingClock())];
    let inside = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      expect(inside).toBe(1);
      await delay(1);
      inside -= 1;
      throw new Error('this one failed');
    };
    const all = [...locks, ...locks, ...locks].map((lock) => lock.hold(file, neverAborted, work));
    for (const outcome of await Promise.allSettled(all)) {
      expect(outcome).toMatchObject({ reason: { message: 'this one failed' } });
    }
  });

  it('fails closed when there can be no lock', async () => {
    await using folder = await temporaryFolder();
    const lock = new MirrorLock(wakingClock());
    const entering = lock.hold(folder.path, neverAborted, () => Promise.resolve('entered'));
    await expect(entering).rejects.toSatisfy((error) => hasCode(error, 'git.failed'));
  });
});

describe('a commit', () => {
  it('that the repository does not have is named, and not tried again', async () => {
    await using remote = await serve();
    const headSha = CommitSha.parse('1'.repeat(40));
    const source = new GitSource({ mirrorsDir: remote.mirrorsDir });
    const error: unknown = await read(source, { ...remote, headSha }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code: 'git.missing-commit', retryable: false });
    expect((await read(source, remote)).changedFiles).toHaveLength(1);
  });

  it('must be a commit, not a tree, a blob or a tag', async () => {
    await using pull = await openPull([], [{ path: 'a', content: 'a\n' }]);
    const { repository } = pull;
    const tagger = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
    await repository.git([...tagger, 'tag', '-m', 'note', 'v1', pull.headSha]);
    for (const name of ['v1', `${pull.headSha}^{tree}`, `${pull.headSha}:a`]) {
      const id = (await repository.git(['rev-parse', name])).toString('latin1').trim();
      const reading = readSnapshot(repository, { ...pull, headSha: CommitSha.parse(id) });
      await expect(reading).rejects.toSatisfy((error) => hasCode(error, 'git.missing-commit'));
    }
  });

  it.each(['', '../x', 'a/b', 'A', '-x'.repeat(60), 'a.git'])(
    'is not read through the mirror key %j',
    async (mirrorKey) => {
      await using pull = await openPull([], [{ path: 'a', content: 'a\n' }]);
      const source = new GitSource({ mirrorsDir: pull.mirrorsDir });
      const location = { mirrorKey, url: pull.repository.path, token: null };
      const reading = source.snapshot(location, pull, roomyLimits, neverAborted);
      await expect(reading).rejects.toThrow(/mirror key/);
    },
  );
});
