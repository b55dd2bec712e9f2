import { type ChildProcess, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { tempFolder } from './temp-folder.ts';

const REPOSITORY = new URL('../../..', import.meta.url).pathname;

/** Does what `npm ci` does as far as the bootstrap can see, and notes how it was called. */
const FAKE_NPM = `
const { appendFileSync, mkdirSync, rmSync, symlinkSync } = require('node:fs');
appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
console.log('noise of npm');
if (process.env.NPM_FAILS) process.exit(7);
rmSync('node_modules', { recursive: true, force: true });
mkdirSync('node_modules/.bin', { recursive: true });
symlinkSync(process.execPath, 'node_modules/.bin/node');
`;

let root: string;

beforeEach(() => {
  root = tempFolder();
  mkdirSync(join(root, 'scripts'));
  cpSync(join(REPOSITORY, 'scripts/setup'), join(root, 'scripts/setup'), { recursive: true });
  writeFileSync(join(root, 'package-lock.json'), '{}');
  writeFileSync(join(root, 'npm-cli.js'), FAKE_NPM);
});

function commandLine(args: readonly string[]): string[] {
  return [join(root, 'scripts/setup/bootstrap.mjs'), ...args];
}

function environment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { ...process.env, npm_execpath: join(root, 'npm-cli.js'), ...extra };
}

function bootstrap(args: readonly string[], env: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, commandLine(args), {
    encoding: 'utf8',
    env: environment(env),
  });
}

/** Resolves when the command has written its first line: its signals arrive from here on. */
async function started(code: string): Promise<ChildProcess> {
  const args = commandLine(['node', '-e', code]);
  const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
  const child = spawn(process.execPath, args, { env: environment(), stdio });
  await once(child.stdout, 'data');
  return child;
}

function npmCalls(): string[] {
  const file = join(root, 'npm-calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

describe('bootstrap.mjs', () => {
  it('installs the locked packages once, without install scripts', () => {
    bootstrap(['node', '-e', '0']);
    bootstrap(['node', '-e', '0']);
    expect(npmCalls()).toHaveLength(1);
    expect(npmCalls()[0]).toMatch(/^ci --ignore-scripts .*--include=dev --include=optional/);
  });

  it('installs again when the lockfile has changed', () => {
    bootstrap(['node', '-e', '0']);
    writeFileSync(join(root, 'package-lock.json'), '{"changed":true}');
    bootstrap(['node', '-e', '0']);
    expect(npmCalls()).toHaveLength(2);
  });

  it('leaves stdout to the command', () => {
    const run = bootstrap(['node', '-e', 'console.log(JSON.stringify({ ok: true }))']);
    expect(run.stdout).toBe('{"ok":true}\n');
    expect(run.stderr).toContain('installing npm packages');
    expect(run.stderr).toContain('noise of npm');
  });

  it('says nothing when there is nothing to install', () => {
    bootstrap(['node', '-e', '0']);
    expect(bootstrap(['node', '-e', '0']).stderr).toBe('');
  });

  it('does not take a failed install for a whole one', () => {
    const failed = bootstrap(['node', '-e', '0'], { NPM_FAILS: '1' });
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain('npm ci failed (exit code 7)');
    bootstrap(['node', '-e', '0']);
    expect(npmCalls()).toHaveLength(2);
  });

  it('runs node by its path in node_modules, and puts that folder first on PATH', () => {
    const print = 'console.log(process.argv0, process.env.PATH.split(":")[0])';
    const bin = join(root, 'node_modules/.bin');
    expect(bootstrap(['node', '-e', print]).stdout.trim()).toBe(`${join(bin, 'node')} ${bin}`);
  });

  it('passes arguments and the exit code on', () => {
    const run = bootstrap([
      'node',
      '-e',
      'console.log(process.argv[1]); process.exit(42)',
      '--',
      '--json',
    ]);
    expect(run.stdout).toBe('--json\n');
    expect(run.status).toBe(42);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('forwards %s and ends with the code for it', async (signal, code) => {
    const child = await started('console.log("up"); setInterval(() => {}, 1000)');
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([code, null]);
  });

  it('refuses to run without a command', () => {
    expect(bootstrap([]).stderr).toContain('usage:');
  });

  it('says what to install when there is no Node that can run the project', () => {
    const code = `import('${join(REPOSITORY, 'scripts/setup/pinned-node.mjs')}')
      .then((module) => module.pinnedNode(['/nonexistent', '/bin/false']))`;
    const run = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' });
    expect(run.status).not.toBe(0);
    expect(run.stderr).toContain('Install Node >= 24');
  });
});

describe('npm run', () => {
  it('prints nothing of its own on stdout', () => {
    cpSync(join(REPOSITORY, '.npmrc'), join(root, '.npmrc'));
    writeFileSync(join(root, 'package.json'), '{"name":"x","scripts":{"demo":"echo {}"}}');
    const env = { ...process.env };
    delete env['npm_config_loglevel'];
    const run = spawnSync('npm', ['run', 'demo', '--', '--json'], {
      cwd: root,
      encoding: 'utf8',
      env,
    });
    expect(run.stdout).toBe('{} --json\n');
  });
});
