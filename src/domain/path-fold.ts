/** Code points that show nothing; HFS+ ignores most of them in names. */
const ignorable = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * A path as the most forgiving file system would read it: without case, in one Unicode form, without what
 * shows nothing (APFS, HFS+, NTFS). Two paths that are equal here may be one file somewhere.
 */
export function foldPath(path: string): string {
  return caseless(visiblePath(path).toUpperCase()).normalize('NFKC');
}

/** A path in one Unicode form, without what shows nothing; upper and lower case stay apart. */
export function visiblePath(path: string): string {
  return path.normalize('NFKC').replace(ignorable, '');
}

/**
 * Every reading of a path or a glob that a rule has to be held against, as segments and without repeats: by its
 * letters without case, folded segment by segment, and folded as a whole. Folding alone would lose what a glob
 * says: U+2100 folds to `a/c`, which no `*` takes, `ß` to two letters, which no `?` takes, and an accent goes into
 * the letter before it.
 */
export function foldedReadings(path: string): readonly (readonly string[])[] {
  const segments = path.split('/');
  const readings = [segments.map(caseless), segments.map(foldPath), foldPath(path).split('/')];
  return [...new Map(readings.map((reading) => [JSON.stringify(reading), reading])).values()];
}

/** A sigma in lower case goes by what follows it, and that may be the star of a glob. */
function caseless(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ');
}
