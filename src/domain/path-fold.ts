/** Code points that show nothing; HFS+ ignores most of them in names. */
const ignorable = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * A path as the most forgiving file system would read it: without case, in one Unicode form, without what
 * shows nothing (APFS, HFS+, NTFS). Two paths that are equal here may be one file somewhere.
 */
export function foldPath(path: string): string {
  const visible = path.normalize('NFKC').replace(ignorable, '');
  return visible.toUpperCase().toLowerCase().normalize('NFKC');
}
