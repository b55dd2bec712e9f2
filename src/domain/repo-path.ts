import { z } from 'zod';

/** Longest path accepted, in UTF-16 units: Linux's PATH_MAX. */
const maxPathLength = 4096;

/**
 * A file's path inside a repository, `/`-separated, exactly as git names it.
 * Refuses absolute paths, empty, `.` and `..` segments, NUL, and any spelling of `.git`
 * (case, trailing dots and spaces, NTFS short name: CVE-2014-9390, CVE-2019-1352).
 */
export const RepoPath = z
  .string()
  .min(1)
  .max(maxPathLength)
  .refine((path) => !path.includes('\0'), 'a path has no NUL')
  .refine((path) => path.isWellFormed(), 'a path is well-formed Unicode')
  .refine((path) => path.split('/').every(isPlainSegment), 'a path stays inside its repository')
  .brand<'RepoPath'>();
export type RepoPath = z.infer<typeof RepoPath>;

function isPlainSegment(segment: string): boolean {
  if (segment === '' || segment === '.' || segment === '..') return false;
  return !isGitFolder(segment);
}

function isGitFolder(segment: string): boolean {
  // HFS+ ignores these code points in names, so `.g\u200cit` is `.git` there.
  const visible = segment.replace(/[\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, '');
  const folded = visible.toLowerCase().replace(/[. ]+$/, '');
  return folded === '.git' || /^git~\d+$/.test(folded) || folded.startsWith('.git:');
}
