import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { foreignEngine, leasePrivateEngine } from '../../../scripts/setup/engine.ts';
import { type EngineFolders, engineFolders } from '../../../scripts/setup/engine-folders.ts';
import { engineAnswers } from '../../../scripts/setup/engine-ping.ts';
import { argumentsOf } from '../../../scripts/setup/processes.ts';
import { tempFolder } from './temp-folder.ts';

const SETUP = new URL('../../../scripts/setup/', import.meta.url).href;
let folders: EngineFolders;

/** Puts the stand-in first on PATH, as `dockerd`, and kills what a failed test leaves. */
beforeEach(() => {
  const folder = tempFolder();
  const program = join(folder, 'dockerd');
  copyFileSync(new URL('fake-dockerd.mjs', import.meta.url), program);
  chmodSync(program, 0o755);
  // Without a suffix Node would take it for CommonJS first; the folder says what it is.
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  vi.stubEnv('XDG_CACHE_HOME', folder);
  folders = engineFolders();
  onTestFinished(() => {
    vi.unstubAllEnvs();
    const pid = existsSync(folders.pidFile) ? enginePid() : undefined;
    if (pid !== undefined && argumentsOf(pid)?.[1] === program) process.kill(pid, 'SIGKILL');
  });
});

function enginePid(): number {
  return Number(readFileSync(folders.pidFile, 'utf8'));
}

/** Another process with a lease of its own; `ending` is what it does on a line on its stdin. */
async function otherUser(ending: string): Promise<ChildProcess> {
  const code = `const { leasePrivateEngine } = await import('${SETUP}engine.ts');
    const engine = await leasePrivateEngine(); console.log('leased');
    process.stdin.once('data', async () => { ${ending} });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.stdout !== null) await once(child.stdout, 'data');
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  child.stdin?.write('go\n');
  await once(child, 'exit');
}

describe('the private engine', () => {
  it('answers while it is leased and is gone after its release', async () => {
    const engine = await leasePrivateEngine(folders);
    expect(engine.startedByUs).toBe(true);
    expect(await engineAnswers(engine.socketPath)).toBe(true);
    const pid = enginePid();
    await engine.release();
    await engine.release();
    expect(argumentsOf(pid)).toBeUndefined();
  });

  it('is shared: the last of two processes stops it', async () => {
    const other = await otherUser('await engine.release(); process.exit();');
    const engine = await leasePrivateEngine(folders);
    const pid = enginePid();
    await end(other);
    expect(await engineAnswers(engine.socketPath)).toBe(true);
    await engine.release();
    expect(argumentsOf(pid)).toBeUndefined();
  });

  it('does not wait for a user that was killed, and reuses the engine it left', async () => {
    const other = await otherUser('');
    const pid = enginePid();
    other.kill('SIGKILL');
    await once(other, 'exit');
    const engine = await leasePrivateEngine(folders);
    expect(enginePid()).toBe(pid);
    await engine.release();
    expect(argumentsOf(pid)).toBeUndefined();
  });

  it('stops with a process that ends without a release', async () => {
    const other = await otherUser('process.exit();');
    const pid = enginePid();
    await end(other);
    const next = await leasePrivateEngine(folders);
    expect(enginePid()).not.toBe(pid);
    expect(await engineAnswers(next.socketPath)).toBe(true);
    await next.release();
  });

  it('is started anew when it was killed', async () => {
    const first = await leasePrivateEngine(folders);
    process.kill(enginePid(), 'SIGKILL');
    const second = await leasePrivateEngine(folders);
    expect(await engineAnswers(second.socketPath)).toBe(true);
    await first.release();
    expect(await engineAnswers(second.socketPath)).toBe(true);
    await second.release();
  });

  it('never signals a process that merely has the pid in its pid file', async () => {
    const engine = await leasePrivateEngine(folders);
    const pid = enginePid();
    const bystander = spawn('sleep', ['60']);
    onTestFinished(() => void bystander.kill('SIGKILL'));
    writeFileSync(folders.pidFile, `${bystander.pid}`);
    await engine.release();
    expect(argumentsOf(bystander.pid ?? 0)).toEqual(['sleep', '60']);
    process.kill(pid, 'SIGKILL');
  });

  it('says what the engine said when it does not come up', async () => {
    const program = join(process.env['XDG_CACHE_HOME'] ?? '', 'dockerd');
    writeFileSync(program, '#!/bin/sh\necho no such storage driver >&2\nexit 1\n');
    await expect(leasePrivateEngine(folders)).rejects.toThrow('no such storage driver');
  });
});

describe('an engine that runs anyway', () => {
  it('is not stopped by a release', async () => {
    const ours = await leasePrivateEngine(folders);
    const foreign = foreignEngine(ours.socketPath);
    expect(foreign.startedByUs).toBe(false);
    await foreign.release();
    expect(await engineAnswers(ours.socketPath)).toBe(true);
    await ours.release();
  });
});
