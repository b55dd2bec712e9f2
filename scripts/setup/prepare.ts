import { ensureEngine } from './choose-engine.ts';
import type { Engine } from './engine.ts';
import { ensureSystemPackages, type SystemPackage, TOOLS } from './system-packages.ts';
import { ensureWorkerImage, type WorkerImage } from './worker-image.ts';

/** What the demo and the system tests need, ready. */
export type Prepared = {
  readonly engine: Engine;
  readonly image: WorkerImage;
};

/**
 * Installs, starts and builds what is missing; does nothing when nothing is. Call
 * `engine.release()` when done: the engine, if it is one of ours, ends with its last user.
 * `extra` are packages that only this caller needs.
 *
 * @throws Error that says what could not be had, and how to get it.
 */
export async function prepare(extra: readonly SystemPackage[] = []): Promise<Prepared> {
  await ensureSystemPackages([...TOOLS, ...extra]);
  const engine = await ensureEngine();
  try {
    return { engine, image: await ensureWorkerImage(engine) };
  } catch (error) {
    await engine.release();
    throw error;
  }
}
