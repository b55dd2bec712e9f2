import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { takeLock, tryLock } from '../../../scripts/setup/engine-lock.ts';
import { tempFolder } from './temp-folder.ts';

const LOCK_MODULE = new URL('../../../scripts/setup/engine-lock.ts', import.meta.url).href;

/** Another process that takes the lock and keeps it until it is killed. */
async function holder(file: string): Promise<() => Promise<void>> {
  const code = `const { takeLock } = await import(${JSON.stringify(LOCK_MODULE)});
    await takeLock(${JSON.stringify(file)}); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
}

describe('the engine lock', () => {
  it('is refused while it is taken and free again after its release', () => {
    const file = join(tempFolder(), 'lock');
    const release = tryLock(file, 0);
    expect(release).toBeTypeOf('function');
    expect(tryLock(file, 0)).toBeUndefined();
    release?.();
    expect(tryLock(file, 0)).toBeTypeOf('function');
  });

  it('is kept from other processes, and ends with a process that is killed', async () => {
    const file = join(tempFolder(), 'lock');
    const kill = await holder(file);
    expect(tryLock(file, 0)).toBeUndefined();
    await expect(takeLock(file, 0)).rejects.toThrow(file);
    await kill();
    expect(tryLock(file, 0)).toBeTypeOf('function');
  });
});
