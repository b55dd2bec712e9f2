import { matchesSegments } from './glob.ts';

/** A pattern of a CODEOWNERS file, read: what its segments are, and what it also takes. */
export interface OwnedPattern {
  readonly text: string;
  readonly segments: readonly string[];
  /** `docs/*` takes the files of the folder and not those below it. */
  readonly isDeep: boolean;
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
  const last = parts.at(-1);
  return {
    text,
    segments: isFolder ? [...head, '**', '*'] : head,
    isDeep: !isFolder && (last !== '*' || parts.length === 1),
  };
}

/** Does the pattern take the file? Paths are compared with case, as GitHub's Linux hosts do. */
export function ownsPath({ segments, isDeep }: OwnedPattern, path: string): boolean {
  const given = path.split('/');
  if (matchesSegments(segments, given)) return true;
  // A pattern that takes a folder takes all that is in it.
  return isDeep && matchesSegments([...segments, '**', '*'], given);
}
