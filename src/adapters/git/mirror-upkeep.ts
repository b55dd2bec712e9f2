import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { requireGit } from './capture.ts';
import type { Mirror } from './mirror.ts';

/** Every fetch adds a pack, and every look-up searches every pack: git's own `gc.autoPackLimit`. */
const maxPacks = 50;

/**
 * Joins packs and refs of a mirror when there are many. Each object is rewritten a logarithmic
 * number of times over the mirror's life, and none is dropped: what other tasks are reading stays.
 * Call with the lock held.
 * @throws SallyportError `git.failed`
 */
export async function tidyMirror(mirror: Mirror, signal: AbortSignal): Promise<void> {
  const names = await readdir(join(mirror.gitDir, 'objects', 'pack'));
  if (names.filter((name) => name.endsWith('.pack')).length <= maxPacks) return;
  const { binary } = mirror;
  const inMirror = `--git-dir=${mirror.gitDir}`;
  // Threads and memory are bounded: this runs beside tasks, on the same machine.
  const options = ['--geometric=2', '-d', '-l', '-q', '--threads=1', '--window-memory=128m'];
  await requireGit({ binary, args: [inMirror, 'repack', ...options], signal });
  await requireGit({ binary, args: [inMirror, 'pack-refs', '--all'], signal });
}
