import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { ownerLabel } from '../../src/adapters/docker/container-labels.ts';
import { testEngine } from '../support/engine.ts';
import { gitEnvironment } from '../support/github/git.ts';
import { waitFor } from '../support/wait-for.ts';

const run = promisify(execFile);
const mainFile = join(import.meta.dirname, '../demo/main.ts');
const ms = z.int().nonnegative();

/** What `npm run demo -- --json` promises, to the last key. */
const DemoOutput = z.strictObject({
  check: z.strictObject({
    status: z.literal('completed'),
    conclusion: z.enum(['success', 'neutral', 'failure']),
    annotations: z.int().nonnegative(),
  }),
  suggestions: z.int().nonnegative(),
  refused: z.literal(1),
  commit: z
    .strictObject({ sha: z.string().regex(/^[0-9a-f]{40}$/), author: z.literal('sallyport[bot]') })
    .nullable(),
  ledger: z.strictObject({ events: z.int().positive(), verified: z.literal(true) }),
  ms: z.strictObject({
    setup: ms,
    webhookAck: ms,
    queuedToRunning: ms,
    running: ms,
    total: ms.positive(),
  }),
});

/** A whole demo takes 15 to 25 s alone, and a minute on two busy cores. */
const timeoutMs = 180_000;

describe('the demo', { timeout: timeoutMs }, () => {
  /** The demo's TMPDIR: whatever it forgets to remove is found here. */
  let temp: string;
  let demo: { child: ChildProcess; stdout: Promise<string>; stderr: Promise<string> };

  /** Starts it as its own process group's leader, as a shell does. */
  function start(args: readonly string[], env: Record<string, string> = {}): void {
    const child = spawn(process.execPath, [mainFile, ...args], {
      env: {
        ...process.env,
        ...env,
        TMPDIR: temp,
        DOCKER_HOST: `unix://${testEngine().socketPath}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    demo = { child, stdout: text(child.stdout), stderr: text(child.stderr) };
  }

  async function ended(): Promise<{ code: unknown; stdout: string; stderr: string }> {
    const code: unknown = demo.child.exitCode ?? (await once(demo.child, 'exit'))[0];
    return { code, stdout: await demo.stdout, stderr: await demo.stderr };
  }

  /** Its standard output. @throws Error with what it said on stderr when it does not end with 0 */
  async function succeeded(): Promise<string> {
    const { code, stdout, stderr } = await ended();
    if (code !== 0) throw new Error(`the demo ended with ${String(code)}:\n${stderr}`);
    return stdout;
  }

  /** The name of the run, which is the temporary folder's and the runner's, once it has one. */
  const named = (): Promise<string> =>
    waitFor('the temporary folder', async () =>
      (await readdir(temp)).find((name) => name.startsWith('sallyport-demo-')),
    );

  async function sandboxes(ownerId: string) {
    const docker = new Docker({ socketPath: testEngine().socketPath });
    const filters = { label: [`${ownerLabel}=${ownerId}`] };
    return docker.listContainers({ all: true, filters });
  }

  async function expectNothingLeft(name: string): Promise<void> {
    expect(await readdir(temp)).toEqual([]);
    expect(await sandboxes(name)).toEqual([]);
    // The guard of the embedded Redis leaves a `sleep` behind, for 5 s at most.
    await waitFor(
      'the end of every process',
      async () => ((await processesNaming(name)).length === 0 ? true : undefined),
      10_000,
    );
  }

  beforeEach(async () => {
    temp = await mkdtemp(join(tmpdir(), 'demo-test-'));
  });

  afterEach(async () => {
    if (demo.child.exitCode === null) demo.child.kill('SIGKILL');
    await rm(temp, { recursive: true, force: true });
  });

  it('prints one JSON object: a review, a refusal, a commit by the App, a ledger that verifies', async () => {
    start(['--json']);
    const name = await named();
    const stdout = await succeeded();
    expect(stdout.split('\n')).toHaveLength(2);
    const output = DemoOutput.parse(JSON.parse(stdout));
    expect(output.check).toMatchObject({ conclusion: 'failure' });
    expect(output.check.annotations).toBeGreaterThan(0);
    expect(output.suggestions).toBeGreaterThanOrEqual(1);
    expect(output.commit).not.toBeNull();
    await expectNothingLeft(name);
  });

  it('tells a person what happened without drawing where nothing draws, and ends by itself', async () => {
    const own = await repositoryWith({ 'notes.txt': 'one\n' }, { 'notes.txt': 'one\ntwo\n' });
    start(['--repo', basename(own), '--base', 'main', '--head', 'topic'], {
      INIT_CWD: join(own, '..'),
    });
    const stdout = await succeeded();
    expect(stdout).toContain('network "none"; mounts of the host: 0');
    expect(stdout).toContain('refused: It takes `write` permission or more');
    expect(stdout).toContain('nothing to fix, so nothing to approve');
    expect(stdout).toMatch(/\d+ events, verified against the head/);
    expect(stdout).not.toContain('\u001b');
    const lines = stdout.split('\n').filter((line) => !line.includes('http'));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(await readdir(temp)).toEqual([]);
  });

  it('has no commit to show when there is nothing to fix', async () => {
    const own = await repositoryWith({ 'notes.txt': 'one\n' }, { 'notes.txt': 'one\ntwo\n' });
    start(['--json', '--repo', own, '--base', 'main', '--head', 'topic~0']);
    const stdout = await succeeded();
    expect(DemoOutput.parse(JSON.parse(stdout)).commit).toBeNull();
    expect(await readdir(temp)).toEqual([]);
  });

  it.each([
    ['while it starts', 'SIGINT', 130, () => Promise.resolve()],
    [
      'while a sandbox runs',
      'SIGINT',
      130,
      (name: string) => waitFor('a sandbox', async () => (await sandboxes(name))[0]),
    ],
    [
      'while a sandbox runs, by kill',
      'SIGTERM',
      143,
      (name: string) => waitFor('a sandbox', async () => (await sandboxes(name))[0]),
    ],
  ] as const)(
    'interrupted %s it stops everything and says so in its exit code',
    async (_, signal, expected, ripe) => {
      start(['--json']);
      const name = await named();
      await ripe(name);
      // SIGINT comes as from a terminal, to the whole group; SIGTERM to the one process.
      process.kill(signal === 'SIGINT' ? -(demo.child.pid ?? 0) : (demo.child.pid ?? 0), signal);
      const { code, stdout } = await ended();
      expect(code).toBe(expected);
      expect(stdout).toBe('');
      await expectNothingLeft(name);
    },
  );

  it.each([
    ['an unknown option', ['--yes'], '--yes'],
    ['a ref without a repository', ['--head', 'x'], '--repo, --base and --head go together'],
    [
      'a folder that is no repository',
      ['--repo', '/', '--base', 'a', '--head', 'b'],
      'not a git repository',
    ],
    ['a dash for a ref', ['--repo', '.', '--base', 'HEAD', '--head', '-x'], 'usage'],
    ['an option for a ref', ['--repo', '.', '--base', 'HEAD', '--head=--all'], 'is not a commit'],
    [
      'nothing between the two',
      ['--repo', '.', '--base', 'HEAD', '--head', 'HEAD'],
      'the same commit',
    ],
  ])('refuses %s in one line on stderr', async (_, args, reason) => {
    start(args, { INIT_CWD: import.meta.dirname });
    const { code, stdout, stderr } = await ended();
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(reason);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  /** A repository with the branches `main` and, on top of it, `topic`. */
  async function repositoryWith(
    base: Readonly<Record<string, string>>,
    head: Readonly<Record<string, string>>,
  ): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'demo-own-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const env = { ...gitEnvironment(), ...author };
    const git = (...args: string[]) => run('git', ['-C', folder, ...args], { env });
    await git('init', '--quiet', '--initial-branch=main');
    for (const [branch, files] of [
      ['main', base],
      ['topic', head],
    ] as const) {
      if (branch === 'topic') await git('switch', '--quiet', '--create', branch);
      for (const [path, content] of Object.entries(files))
        await writeFile(join(folder, path), content);
      await git('add', '--all');
      await git('commit', '--quiet', `--message=${branch}`);
    }
    return folder;
  }
});

const author = {
  GIT_AUTHOR_NAME: 'mona',
  GIT_AUTHOR_EMAIL: 'mona@example.org',
  GIT_COMMITTER_NAME: 'mona',
  GIT_COMMITTER_EMAIL: 'mona@example.org',
};

/** Command lines and environments on this machine that name the run: its App, its Redis, its git. */
async function processesNaming(name: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    pids.flatMap((pid) =>
      ['cmdline', 'environ'].map(async (file) => {
        // A process may end while we look; then it is not left.
        const content = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
        return content.includes(name) ? [`${pid} ${content.slice(0, 200)}`] : [];
      }),
    ),
  );
  return found.flat();
}
