import type { TestProject } from 'vitest/node';
import { engineRuntimes } from '../../scripts/setup/choose-engine.ts';
import { prepare } from '../../scripts/setup/prepare.ts';
import { BROWSER, LINTERS } from '../../scripts/setup/system-packages.ts';

declare module 'vitest' {
  /** What the set-up hands to every system test; read it through `test/support/engine.ts`. */
  interface ProvidedContext {
    engineSocket: string;
    workerImage: string;
    engineRuntimes: readonly string[];
  }
}

/** Runs once before the system tests, in Vitest's own process: installs, starts and builds what is missing. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { engine, image } = await prepare([...BROWSER, ...LINTERS]);
  project.provide('engineSocket', engine.socketPath);
  project.provide('workerImage', image.id);
  project.provide('engineRuntimes', await engineRuntimes(engine.socketPath));
  return () => engine.release();
}
