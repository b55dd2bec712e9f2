import type { RuntimeClass } from '../../../src/ports/sandbox.ts';
import { testEngine } from '../engine.ts';

/** Every runtime that a policy may name. */
export const runtimes: readonly RuntimeClass[] = ['runc', 'runsc'];

/** Does the engine lack it? For `describe.skipIf`, which shows up in the count of skips. */
export function isMissing(runtime: RuntimeClass): boolean {
  return !testEngine().runtimes.includes(runtime);
}
