import type { Effort } from './effort.ts';
import { PathMatcher, type SplitPath } from './path-matcher.ts';

/** A pattern of a CODEOWNERS file, read: what its segments are, and what it also takes. */
export interface OwnedPattern {
  readonly text: string;
  /** A pattern that takes a folder takes all that is in it: then there are two. */
  readonly matchers: readonly PathMatcher[];
}

/**
 * Reads a pattern by GitHub's rules, which are gitignore's without `!` and without classes.
 * Returns undefined for what GitHub skips: those two, and `\#` at the start.
 */
export function readOwnedPattern(text: string): OwnedPattern | undefined {
  if (text.startsWith('!') || text.startsWith('\\#') || /[[\]]/.test(text)) return undefined;
  const plain = text.replaceAll(/\\(.)/g, '$1');
  const isFolder = plain.endsWith('/');
  const parts = plain.split('/').filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  // A slash at the start or in the middle anchors; one at the end only asks for a folder.
  const isAnchored = plain.startsWith('/') || parts.length > 1;
  const head = isAnchored ? parts : ['**', ...parts];
  const inside = new PathMatcher([...head, '**', '*']);
  if (isFolder) return { text, matchers: [inside] };
  const itself = new PathMatcher(head);
  // `docs/*` takes the files of the folder and not those below it, and so does `/*` at the top; `*` alone takes all.
  const isDeep = parts.at(-1) !== '*' || !isAnchored;
  return { text, matchers: isDeep ? [itself, inside] : [itself] };
}

/** Does the pattern take the file? Paths are compared with case, as GitHub's Linux hosts do. */
export function ownsPath({ matchers }: OwnedPattern, path: SplitPath, effort: Effort): boolean {
  return matchers.some((matcher) => matcher.takes(path, effort));
}
