import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/**
 * Kills a server of `folder` that is alive but does not answer: a second one on the same log would ruin it.
 * Only a process whose title names this very socket is touched; a number in an old file may be anybody's.
 */
export function killSilentServer(folder: string, socketPath: string): void {
  const pid = Number(read(join(folder, 'redis.pid')) ?? 0);
  if (!Number.isSafeInteger(pid) || pid <= 1) return;
  const title = read(`/proc/${pid}/cmdline`);
  if (title?.includes('redis-server') !== true || !title.includes(socketPath)) return;
  process.kill(pid, 'SIGKILL');
}
