import { chmod, cp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RuntimeClass } from '../../src/ports/sandbox.ts';
import {
  folderDigest,
  type LocalReview,
  localReview,
  ReviewJson,
} from '../support/local-review.ts';
import { createRepository, runGit, temporaryFolder } from '../support/repositories.ts';
import { isMissing, runtimes } from '../support/sandbox/runtimes.ts';

const modules = join(import.meta.dirname, '../../node_modules');
/** Containers on two shared cores: a run takes 8 s under runc and 13 s under gVisor when nothing else does. */
const slowMs = 180_000;

/** Two published releases of lodash as `base` and `head` of a repository with a working tree. */
async function lodashRepository(path: string): Promise<void> {
  await createRepository(path);
  const git = (...args: string[]) => runGit(['-C', path, ...args]);
  for (const [version, tag] of [
    ['4.17.20', 'base'],
    ['4.17.21', 'head'],
  ] as const) {
    const old = (await readdir(path)).filter((name) => name !== '.git');
    for (const name of old) await rm(join(path, name), { recursive: true });
    await cp(join(modules, `lodash-${version}`), path, { recursive: true });
    await git('add', '--all');
    await git('-c', 'user.name=A', '-c', 'user.email=a@example.org', 'commit', '-qm', version);
    await git('tag', tag);
  }
}

/** Takes every write permission away. Root writes all the same, so the digest is what counts. */
async function makeReadOnly(path: string): Promise<void> {
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o555);
  }
}

describe('local mode on two published versions of lodash', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let review: LocalReview;
  let path: string;
  let untouched: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    review = await localReview();
    path = join(folder.path, 'lodash');
    await lodashRepository(path);
    await makeReadOnly(path);
    untouched = await folderDigest(path);
  }, slowMs);

  afterAll(async () => {
    await review[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  /** What is the same whatever the runtime: all but its name and the image that the engine ran. */
  async function found(runtime: RuntimeClass) {
    const run = await review.run([path, '--base', 'base', '--head', 'head', '--runtime', runtime]);
    expect(run.stderr).toBe('');
    expect(run.exitCode).toBe(1);
    const json = ReviewJson.parse(JSON.parse(run.stdout));
    expect(json.runtime).toBe(runtime);
    return { stdout: run.stdout.replace(/^ {2}"runtime": .*$/m, ''), json };
  }

  const runs = new Map<RuntimeClass, ReturnType<typeof found>>();
  function first(runtime: RuntimeClass): ReturnType<typeof found> {
    const run = runs.get(runtime) ?? found(runtime);
    runs.set(runtime, run);
    return run;
  }

  it('is a package of more than 200 files', async () => {
    const files = (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.js'));
    expect(files.length).toBeGreaterThan(200);
  });

  describe.each(runtimes)('%s', (runtime) => {
    it.skipIf(isMissing(runtime))(
      'finds places that exist, and leaves the repository as it was',
      async () => {
        const { findings, omitted, toolErrors } = (await first(runtime)).json;
        expect([omitted, toolErrors]).toEqual([[], []]);
        expect(findings.filter((one) => one.range !== undefined).length).toBeGreaterThan(3);
        for (const { path: name, range } of findings) {
          const lines = (await readFile(join(path, name), 'utf8')).split('\n');
          if (range === undefined) continue;
          const [start, end] = [lines[range.startLine - 1], lines[range.endLine - 1]];
          expect(range.startColumn ?? 1).toBeLessThanOrEqual((start?.length ?? -1) + 1);
          expect(range.endColumn ?? 1).toBeLessThanOrEqual((end?.length ?? -1) + 1);
        }
        expect(await folderDigest(path)).toBe(untouched);
      },
      slowMs,
    );
  });

  it(
    'finds the same, byte for byte, in a second run',
    async () => {
      expect((await found('runc')).stdout).toBe((await first('runc')).stdout);
    },
    slowMs,
  );

  it.skipIf(isMissing('runsc'))(
    'finds the same, byte for byte, under both runtimes',
    async () => {
      expect((await first('runsc')).stdout).toBe((await first('runc')).stdout);
    },
    slowMs,
  );

  it(
    'shows the very lines that its findings are about',
    async () => {
      const refs = ['--base', 'base', '--head', 'head'];
      const run = await review.run([path, ...refs, '--format', 'text']);
      const shown = [
        ...run.stdout.matchAll(/^(\S+):(\d+):\d+: .*\n(?: +https:\S+\n)? *(\d+) \| (.*)$/gm),
      ];
      expect(shown.length).toBeGreaterThan(3);
      for (const [, name = '', line, number, code] of shown) {
        const lines = (await readFile(join(path, name), 'utf8')).split('\n');
        expect(number).toBe(line);
        expect(lines[Number(line) - 1]?.startsWith((code ?? '').slice(0, 200))).toBe(true);
      }
      expect(run.stdout).toMatch(/\n\d+ (?:errors?|warnings?|notes?).* \(\d+\.\d s\)\n$/);
    },
    slowMs,
  );
});
