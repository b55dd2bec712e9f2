import picomatch from 'picomatch';
import { foldPath } from '../domain/path-fold.ts';

/**
 * The first pattern of `patterns` that protects `path`, or undefined.
 * Both are compared as `foldPath` has them, so `.GitHub/`, full-width letters, decomposed accents and
 * letters that show nothing do not get around a rule; a folder's own rule protects what is in it.
 */
export function protectingPattern(patterns: readonly string[], path: string): string | undefined {
  const folded = fold(path);
  return patterns.find((pattern) =>
    picomatch.isMatch(folded, fold(pattern), { dot: true, nonegate: true, strictSlashes: false }),
  );
}

function fold(text: string): string {
  // A glob's `*` stops at a line break, so `.github/a\nb.yml` would slip through every pattern.
  return foldPath(text).replace(/[\r\n\u2028\u2029]/g, '_');
}
