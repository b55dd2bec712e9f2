import { z } from 'zod';
import { foldPath } from './path-fold.ts';

/** Why a path that git can have is never written; stands in the report as it is. */
export const PathFault = z.enum([
  /** A separator on Windows: `..\up` leaves the tree there, `.git\hooks\x` is a hook. */
  'backslash-path',
  /** It ends lines, hides or rewrites what a person reads before approving. */
  'control-path',
  /** A device, an alternate stream, or an ending that Windows drops: another file than the one shown. */
  'windows-path',
  /** `.git` to some file system or other (CVE-2014-9390, CVE-2019-1352). */
  'git-path',
]);
export type PathFault = z.infer<typeof PathFault>;

/** Microsoft, "Naming Files, Paths, and Namespaces": reserved whatever extension follows. */
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9])(?: *\.|$)/;
const droppedEnding = /[. ]$/;
const gitFolder = /^(?:\.git|git~[0-9]+)$/;

/**
 * The first reason why a change of `path` is refused, or undefined. Stricter than `RepoPath`, which has to
 * take what is in a head tree already. A name that `isInHead` was chosen by people and checked out by them: what
 * is in the file may change, but for `.git` in any spelling.
 */
export function pathFault(
  path: string,
  { isInHead }: { isInHead: boolean },
): PathFault | undefined {
  const segments = path.split('/');
  if (isInHead) return segments.some(isGitFolder) ? 'git-path' : undefined;
  if (path.includes('\\')) return 'backslash-path';
  if (/[\p{Cc}\u2028\u2029]/u.test(path)) return 'control-path';
  if (segments.some(isGitFolder)) return 'git-path';
  return segments.some(isOddOnWindows) ? 'windows-path' : undefined;
}

/** NTFS takes `.git`, `.git .` and `.git:stream` for one. */
function isGitFolder(segment: string): boolean {
  const [name = ''] = foldPath(segment).split(':');
  return gitFolder.test(name.replace(/[. ]+$/, ''));
}

function isOddOnWindows(segment: string): boolean {
  const folded = foldPath(segment);
  return folded.includes(':') || droppedEnding.test(folded) || device.test(folded);
}
