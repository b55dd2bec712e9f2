import { foldPath } from '../domain/path-fold.ts';
import { matchesGlob } from './glob.ts';

/**
 * The first pattern of `patterns` that protects `path`, or undefined.
 * Both are compared as `foldPath` has them, so `.GitHub/`, full-width letters, decomposed accents and
 * letters that show nothing do not get around a rule; a folder's own rule protects what is in it.
 */
export function protectingPattern(patterns: readonly string[], path: string): string | undefined {
  const folded = foldPath(path);
  return patterns.find((pattern) => matchesGlob(foldPath(pattern), folded));
}
