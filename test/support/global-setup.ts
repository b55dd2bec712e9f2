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

/** The same by the name that Vitest exports it under. */
type Prepared = ReturnType<TestProject['getProvidedContext']>;

/** Runs before the tests of each project, in Vitest's own process: installs, starts and builds what is missing, once. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const ready = preparedFor(project.vitest.projects);
  if (ready !== undefined) {
    provide(project, ready);
    return undefined;
  }
  const { engine, image } = await prepare([...BROWSER, ...LINTERS]);
  provide(project, {
    engineSocket: engine.socketPath,
    workerImage: image.id,
    engineRuntimes: await engineRuntimes(engine.socketPath),
  });
  return () => engine.release();
}

/** What another project has been given: Vitest ends the set-up of all of them after the last test. */
function preparedFor(projects: readonly TestProject[]): Prepared | undefined {
  return projects
    .map((project) => project.getProvidedContext())
    .find(({ engineSocket }: Partial<Prepared>) => engineSocket !== undefined);
}

function provide(project: TestProject, context: Prepared): void {
  project.provide('engineSocket', context.engineSocket);
  project.provide('workerImage', context.workerImage);
  project.provide('engineRuntimes', context.engineRuntimes);
}
