import { join } from 'node:path';
import { cacheFolder } from '../../../scripts/setup/cache-folder.ts';
import { takeLock } from '../../../scripts/setup/engine-lock.ts';
import { ensureWorkerImage } from '../../../scripts/setup/worker-image.ts';
import type { TargetName } from '../../../scripts/setup/worker-targets.ts';
import { testEngine } from '../engine.ts';

/** For the first build of an agent's image on a busy machine; call it in a hook with this much time. */
export const buildImageMs = 1_200_000;

/**
 * The id of an agent's worker image, built now unless it is there: only test files that need one pay for
 * it. One build at a time, whichever test file asks.
 */
export async function agentImage(target: TargetName): Promise<string> {
  const engine = testEngine();
  if (target === 'linters') return engine.workerImage;
  const unlock = await takeLock(join(cacheFolder(), 'image-lock.sqlite'));
  try {
    return (await ensureWorkerImage(engine, target)).id;
  } finally {
    unlock();
  }
}
