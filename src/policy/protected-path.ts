import { foldedReadings } from '../domain/path-fold.ts';
import { GlobList } from './glob-list.ts';

/**
 * Patterns that protect paths, made ready to be held against many.
 * Both are compared in every reading of `foldedReadings`, so `.GitHub/`, full-width letters, decomposed accents and
 * letters that show nothing do not get around a rule; a folder's own rule protects what is in it.
 */
export function protectedPaths(patterns: readonly string[]): GlobList {
  return new GlobList(patterns, foldedReadings);
}
