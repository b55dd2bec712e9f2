import type { RepoPath } from '../../../../src/domain/repo-path.ts';
import { unquotePath } from '../../../../src/domain/unquote-path.ts';
import type { PatchedFile } from '../../../../src/protocol/patched-file.ts';
import { repoPathOf } from '../repo-place.ts';

/** The file that the two labels of a section name, and what becomes of it. */
export type Labelled = Pick<PatchedFile, 'path' | 'kind'>;

/**
 * Reads the labels after `--- ` and `+++ `, with git's prefixes `a/` and `b/` or without any.
 * @throws Error that says what is wrong with them
 */
export function readLabels(oldLabel: string, newLabel: string, workspace: string): Labelled {
  const [from, to] = [nameOf(oldLabel), nameOf(newLabel)];
  const hasPrefixes = isPrefixed(from, 'a/') && isPrefixed(to, 'b/');
  const [before, after] = [from, to].map((name) => {
    if (name === null) return null;
    return pathOf(hasPrefixes ? name.slice(2) : name, workspace);
  });
  const path = after ?? before;
  if (!path) throw new Error('both sides are /dev/null');
  if (before && after && before !== after)
    throw new Error('it renames a file; leave a deletion and a new file instead');
  return { path, kind: before ? (after ? 'modified' : 'deleted') : 'added' };
}

function isPrefixed(name: string | null, prefix: string): boolean {
  return name === null || name.startsWith(prefix);
}

/** Null for the side on which there is no file. GNU diff puts a time after a tab. */
function nameOf(label: string): string | null {
  const printed = label.startsWith('"') ? label.trimEnd() : label.replace(/\t.*$/, '').trimEnd();
  const name = unquotePath(Buffer.from(printed).toString('latin1'));
  if (name === undefined) throw new Error('a path is not quoted as git does');
  return name === '/dev/null' ? null : name;
}

function pathOf(name: string, workspace: string): RepoPath {
  const path = repoPathOf(name, workspace);
  if (path === undefined) throw new Error('a path is not in the repository');
  return path;
}
