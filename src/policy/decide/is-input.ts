import type { EffectiveTask } from '../effective-policy.ts';
import { matchesGlob } from '../glob.ts';

/** Does a file of the repository go into the sandbox? It has to match what every layer includes. */
export function isInput({ inputs }: EffectiveTask, path: string): boolean {
  const isTakenBy = (glob: string): boolean => matchesGlob(glob, path);
  if (inputs.exclude.some(isTakenBy)) return false;
  return inputs.include.every((globs) => globs.some(isTakenBy));
}
