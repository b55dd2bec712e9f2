import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { GitSource } from '../../src/adapters/git/git-source.ts';
import type { CommitSha } from '../../src/domain/ids.ts';
import { hasCode } from '../../src/errors.ts';
import type { SourceSnapshot } from '../../src/ports/source.ts';
import type { GitHttp, Interceptor } from '../support/git-http.ts';
import { serveRepository } from '../support/git-http.ts';
import { neverAborted, roomyLimits } from '../support/pull-snapshot.ts';
import { createRepository, temporaryFolder } from '../support/repositories.ts';

const token = 'ghs_secretSecretSecretSecretSecret0123';
const basic = Buffer.from(`x-access-token:${token}`).toString('base64');

/** A pull request behind http, and a source that fetches it with a token. */
async function serve(intercept?: Interceptor) {
  const folder = await temporaryFolder();
  const repository = await createRepository(join(folder.path, 'source.git'), { bare: true });
  const baseSha = await repository.commit([{ path: 'a', content: '1\n' }]);
  const headSha = await repository.commit([{ path: 'a', content: '2\n' }], { parents: [baseSha] });
  const http = await serveRepository(repository.gitDir, intercept);
  const mirrorsDir = join(folder.path, 'mirrors');
  return {
    http,
    mirrorsDir,
    headSha,
    snapshot: (signal = neverAborted) => read(http, { mirrorsDir, headSha, baseSha }, signal),
    [Symbol.asyncDispose]: async () => {
      await http[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function read(
  http: GitHttp,
  order: { readonly mirrorsDir: string; readonly headSha: CommitSha; readonly baseSha: CommitSha },
  signal: AbortSignal,
): Promise<SourceSnapshot> {
  const source = new GitSource({ mirrorsDir: order.mirrorsDir });
  const location = { mirrorKey: '42', url: http.url, token: () => Promise.resolve(token) };
  return source.snapshot(location, order, roomyLimits, signal);
}

/** One file of every process of this machine that can be read, as text. */
async function ofAllProcesses(file: 'cmdline' | 'environ'): Promise<string> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const texts = pids.map((pid) =>
    readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => 'gone or not ours'),
  );
  return (await Promise.all(texts)).join('\n');
}

async function allBytesBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = files.map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1'));
  return (await Promise.all(contents)).join('\n');
}

/** Holds the request for objects until it is told to go on. */
function gate(): { intercept: Interceptor; arrived: Promise<void>; open: () => void } {
  const arrived = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const intercept: Interceptor = async (req) => {
    if (req.method !== 'POST') return false;
    arrived.resolve();
    await opened.promise;
    return false;
  };
  return { intercept, arrived: arrived.promise, open: opened.resolve };
}

describe('a fetch over http', () => {
  it('gives a snapshot, and asks the server nothing the second time', async () => {
    await using remote = await serve();
    expect((await remote.snapshot()).changedFiles).toMatchObject([
      { path: 'a', addedLines: [[1, 1]] },
    ]);
    const asked = remote.http.seen.length;
    expect(asked).toBeGreaterThan(0);
    await remote.snapshot();
    expect(remote.http.seen).toHaveLength(asked);
  });

  it.skipIf(process.platform !== 'linux')(
    'shows the token to the server and to nobody else',
    async () => {
      const { intercept, arrived, open } = gate();
      await using remote = await serve(intercept);
      const reading = remote.snapshot();
      await arrived;
      const commandLines = await ofAllProcesses('cmdline');
      // git is running and has the token, so its absence from the command lines means something.
      expect(commandLines).toContain(`${remote.headSha}:refs/sallyport/`);
      expect(await ofAllProcesses('environ')).toContain(basic);
      expect(commandLines).not.toContain(token);
      expect(commandLines).not.toContain(basic);
      open();
      await reading;
      expect(new Set(remote.http.seen.map(({ authorization }) => authorization))).toEqual(
        new Set([`Basic ${basic}`]),
      );
      const stored = await allBytesBelow(remote.mirrorsDir);
      expect(stored).toContain('hooksPath = /dev/null');
      expect(stored).not.toContain(token);
      expect(stored).not.toContain(basic);
    },
  );

  it.each([
    [401, /refused access/],
    [403, /refused access/],
    [404, /no repository at that place/],
    [500, /exit code 128/],
  ])(
    'that ends with status %i says so, and repeats nothing the server wrote',
    async (status, reason) => {
      await using remote = await serve((req, res) => {
        const echo = `fatal: ${req.headers.authorization ?? ''} ${token}`;
        res.writeHead(status, { 'content-type': 'text/plain' }).end(echo);
        return true;
      });
      const error: unknown = await remote.snapshot().catch((caught: unknown) => caught);
      expect(hasCode(error, 'git.failed')).toBe(true);
      expect(String(error)).toMatch(reason);
      expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(
        new RegExp(`${token}|${basic}`),
      );
    },
  );

  it('follows no redirect, so that the token stays where it belongs', async () => {
    await using elsewhere = await serve();
    await using remote = await serve((req, res) => {
      res.writeHead(302, { location: elsewhere.http.url + (req.url ?? '').slice(17) }).end();
      return true;
    });
    await expect(remote.snapshot()).rejects.toThrow(/redirect, which is not followed/);
    expect(elsewhere.http.seen).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')(
    'stops when the task is cancelled, and leaves no process and a usable mirror',
    async () => {
      const { intercept, arrived, open } = gate();
      await using remote = await serve(intercept);
      const cancelled = new AbortController();
      const reading = remote.snapshot(cancelled.signal);
      await arrived;
      const reason = new Error('cancelled by a person');
      cancelled.abort(reason);
      await expect(reading).rejects.toBe(reason);
      expect(await ofAllProcesses('cmdline')).not.toContain(`${remote.headSha}:refs/sallyport/`);
      open();
      expect((await remote.snapshot()).changedFiles).toHaveLength(1);
    },
  );
});
