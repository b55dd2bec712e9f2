/** One file of a diff, with whatever a reader makes of a hunk. */
export interface FileHunks<Hunk> {
  /** In the head tree; undefined for a file without a path there. */
  readonly path: string | undefined;
  readonly hunks: readonly Hunk[];
  /** Headers of hunks and their lines, and the bytes of these with a line feed each. */
  readonly lines: number;
  readonly bytes: number;
}

/**
 * What GitHub shows of a pull request's diff: docs.github.com, "About repositories", limits for viewing
 * content and diffs. Where it shows none, it takes no comment: "path diff too large" (octokit.rb#1324).
 */
const largestFile = { lines: 20_000, bytes: 500_000 };
const largestDiff = { lines: 20_000, bytes: 1_000_000, files: 300 };

/**
 * The hunks that can carry a comment, by path, of files in the order of the diff. One comment elsewhere would
 * have GitHub refuse the whole review.
 */
export function commentable<Hunk>(
  files: Iterable<FileHunks<Hunk>>,
): ReadonlyMap<string, readonly Hunk[]> {
  const shown = new Map<string, readonly Hunk[]>();
  const total = { lines: 0, bytes: 0, files: 0 };
  for (const { path, hunks, lines, bytes } of files) {
    total.files += 1;
    if (lines > largestFile.lines || bytes > largestFile.bytes) continue;
    total.lines += lines;
    total.bytes += bytes;
    const isOver =
      total.lines > largestDiff.lines ||
      total.bytes > largestDiff.bytes ||
      total.files > largestDiff.files;
    if (isOver) break;
    if (path !== undefined) shown.set(path, hunks);
  }
  return shown;
}
