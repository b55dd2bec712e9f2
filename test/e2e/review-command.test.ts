import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerLabel } from '../../src/adapters/docker/container-labels.ts';
import { testEngine } from '../support/engine.ts';
import { endOf, type LocalReview, localReview, ReviewJson } from '../support/local-review.ts';
import { createRepository, type TestRepository, temporaryFolder } from '../support/repositories.ts';
import { SarifLog } from '../support/sarif-log.ts';
import { waitFor } from '../support/wait-for.ts';

const sound = '#!/bin/sh\nset -eu\necho "$1"\n';
/** Two findings of shellcheck (SC2006 is mended), none of them an error, and one error of its parser. */
const sloppy = '#!/bin/sh\nset -eu\nnow=`date`\necho "$now"\n';
const broken = '#!/bin/sh\nif true; then\n  echo "never closed"\n';

describe('sallyport review', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let review: LocalReview;
  let repository: TestRepository;
  const refs = ['--base', 'main', '--head', 'sloppy'];

  async function branch(name: string, files: Readonly<Record<string, string>>): Promise<void> {
    const list = Object.entries(files).map(([path, content]) => ({ path, content }));
    await repository.git(['update-ref', `refs/heads/${name}`, await repository.commit(list)]);
  }

  beforeAll(async () => {
    folder = await temporaryFolder();
    review = await localReview();
    repository = await createRepository(join(folder.path, 'repository'));
    await branch('main', { 'run.sh': sound });
    await branch('sloppy', { 'run.sh': sloppy });
    await branch('broken', { 'run.sh': broken });
    await branch('hook', { 'run.sh': sound, '.husky/push.sh': sloppy });
    await mkdir(join(repository.path, 'inner'));
    await mkdir(join(folder.path, 'elsewhere'));
  });

  afterAll(async () => {
    await review[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it('ends with 0 when nothing reaches the failing level, and writes JSON off a terminal', async () => {
    const run = await review.run([repository.path, ...refs]);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const json = ReviewJson.parse(JSON.parse(run.stdout));
    expect(json.findings.map((one) => [one.rule, one.range?.startLine])).toEqual([['SC2006', 3]]);
    expect([json.gate, json.patch]).toEqual([undefined, undefined]);
  });

  it('ends with 1 when a finding reaches the failing level', async () => {
    const run = await review.run([
      repository.path,
      '--base',
      'main',
      '--head',
      'broken',
      '--format',
      'text',
    ]);
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toMatch(/^run\.sh:\d+:\d+: error shellcheck\/SC\d+: /m);
  });

  it('writes SARIF with all that its readers require', async () => {
    const run = await review.run([repository.path, ...refs, '--format', 'sarif', '--fix']);
    const [log] = SarifLog.parse(JSON.parse(run.stdout)).runs;
    expect(log?.results).toMatchObject([
      {
        ruleId: 'shellcheck/SC2006',
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: 'run.sh' }, region: { startLine: 3 } },
          },
        ],
      },
    ]);
    expect(log?.properties?.gate.status).toBe('approvable');
  });

  it('prints the patch of a fix, and that it would wait for approval', async () => {
    const run = await review.run([repository.path, ...refs, '--fix', '--format', 'text']);
    expect(run.stdout).toContain('-now=`date`\n+now=$(date)\n');
    expect(run.stdout).toContain('\ngate: the patch would wait for approval\n');
  });

  it('says what gate 2 would refuse, here a hook', async () => {
    const run = await review.run([repository.path, '--base', 'main', '--head', 'hook', '--fix']);
    expect(ReviewJson.parse(JSON.parse(run.stdout)).gate).toEqual({
      status: 'refused',
      reasons: ['".husky/push.sh" is protected by .*/**.'],
    });
  });

  it.each([
    ['no such folder', () => join(folder.path, 'nowhere'), 'git.no-repository', 'nowhere'],
    [
      'a folder in a repository',
      () => join(repository.path, 'inner'),
      'git.no-repository',
      'inner',
    ],
    [
      'a folder without a repository',
      () => folder.path,
      'git.no-repository',
      'Name the top folder',
    ],
  ])('refuses %s, naming it', async (_name, path, code, words) => {
    const run = await review.run([path(), ...refs]);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(`sallyport: ${code}: `);
    expect(run.stderr).toContain(words);
  });

  it.each([
    [['--base', 'nosuch', '--head', 'main'], '--base nosuch names no commit of '],
    [['--base', 'main', '--head', 'nosuch'], '--head nosuch names no commit of '],
    [['--base', 'main', '--head', '--help'], '--head'],
    [['--base', 'main', '--head=--help'], '--head --help names no commit of '],
    [['--base', 'main'], '--head REF is needed'],
  ])('refuses %j in a sentence', async (args, words) => {
    const run = await review.run([repository.path, ...args]);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(words);
  });

  it.each([
    [{ DOCKER_HOST: 'unix:///nowhere/docker.sock' }, 'Start the Docker Engine'],
    [{ SALLYPORT_WORKER_IMAGE: 'sallyport-worker:nosuch' }, 'npm run image'],
    [{ DOCKER_HOST: 'tcp://127.0.0.1:1' }, 'must be a unix:// socket'],
    [{ SALLYPORT_POLICY: '/nowhere.yml' }, 'policy'],
  ])('says what to do about %j', async (env, words) => {
    const run = await review.run([repository.path, ...refs], env);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain(words);
    expect(run.stderr).not.toMatch(/\n\s+at /);
  });

  it('names the limit that a run reached', async () => {
    const policy = await policyWith(/memoryBytes: \d+/, 'memoryBytes: 67108864');
    const run = await review.run([repository.path, ...refs], { SALLYPORT_POLICY: policy });
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toMatch(/^sallyport: limit:memory: Memory limit reached\nRaise /);
  });

  it('removes its sandbox when it is interrupted', async () => {
    const { child, ended } = review.start([repository.path, ...refs]);
    const docker = new Docker({ socketPath: testEngine().socketPath });
    const filters = { label: [`${ownerLabel}=local-${child.pid}`] };
    const own = () => docker.listContainers({ all: true, filters });
    await waitFor('the sandbox', async () => (await own()).at(0));
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect(await ended).toEqual({ exitCode: 130, stdout: '', stderr: '' });
    expect(await own()).toEqual([]);
  });

  it('runs through npm, from where it was called, with nothing but its own output on stdout', async () => {
    const root = join(import.meta.dirname, '../..');
    const npm = ['--prefix', root, 'run', '--silent', 'review', '--', '../repository', ...refs];
    const { env } = review;
    const child = spawn('npm', npm, {
      cwd: join(repository.path, '../elsewhere'),
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const run = await endOf(child);
    expect(run.exitCode).toBe(0);
    expect(ReviewJson.parse(JSON.parse(run.stdout)).findings).toHaveLength(1);
  });

  async function policyWith(from: RegExp, to: string): Promise<string> {
    const file = join(folder.path, 'policy.yml');
    await writeFile(file, (await readFile('policies/default.yml', 'utf8')).replace(from, to));
    return file;
  }
});
