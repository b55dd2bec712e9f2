import picomatch from 'picomatch';

/**
 * The first pattern of `patterns` that protects `path`, or undefined.
 * Both are compared after NFKC and lower-casing, so `.GitHub/`, full-width letters and decomposed
 * accents do not get around a rule; a folder's own rule protects what is in it.
 */
export function protectingPattern(patterns: readonly string[], path: string): string | undefined {
  const folded = fold(path);
  return patterns.find((pattern) =>
    picomatch.isMatch(folded, fold(pattern), { dot: true, nonegate: true, strictSlashes: false }),
  );
}

function fold(text: string): string {
  // Code points that some file systems ignore in names (HFS+) would hide `.github` from a glob.
  return (
    text
      .normalize('NFKC')
      // A glob's `*` stops at a line break, so `.github/a\nb.yml` would slip through every pattern.
      .replace(/[\r\n\u2028\u2029]/g, '_')
      .replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, '')
      .toLowerCase()
  );
}
