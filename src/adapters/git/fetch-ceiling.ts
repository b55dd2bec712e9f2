import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SallyportError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Mirror } from './mirror.ts';

/** git has a size limit for pushes only, so the growing pack is looked at this often. */
const pollMs = 500;

/** What is watched, and how much it may grow. */
export interface FetchCeiling {
  readonly mirror: Mirror;
  readonly clock: Clock;
  readonly maxFetchBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Runs a fetch and aborts it when its unfinished packs pass the ceiling. A pack can pass it by
 * what arrives in half a second; it never becomes part of the store then.
 * @throws SallyportError `input.too-large`
 */
export async function underCeiling(
  ceiling: FetchCeiling,
  fetch: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const tooLarge = new AbortController();
  const finished = new AbortController();
  const watching = watch(ceiling, tooLarge, finished.signal);
  try {
    await fetch(AbortSignal.any([ceiling.signal, tooLarge.signal]));
  } finally {
    finished.abort();
    await watching;
  }
}

async function watch(
  { mirror, clock, maxFetchBytes }: FetchCeiling,
  tooLarge: AbortController,
  finished: AbortSignal,
): Promise<void> {
  const folder = join(mirror.gitDir, 'objects', 'pack');
  while (!finished.aborted && !tooLarge.signal.aborted) {
    if ((await unfinishedBytes(folder)) > maxFetchBytes) {
      const message = `a fetch is larger than ${String(maxFetchBytes)} bytes`;
      tooLarge.abort(new SallyportError('input.too-large', message));
    }
    await clock.after(pollMs, finished);
  }
}

async function unfinishedBytes(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('tmp_'));
  const sizes = await Promise.all(names.map((name) => sizeOf(join(folder, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function sizeOf(file: string): Promise<number> {
  // It may have been renamed into place since it was listed.
  const entry = await stat(file, { bigint: false }).catch(() => undefined);
  return entry?.size ?? 0;
}
