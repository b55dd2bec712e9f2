import type { RepoPath } from '../domain/repo-path.ts';
import type { ReplacedFile, SourceSnapshot } from '../ports/source.ts';

type Steered = Partial<Pick<SourceSnapshot, 'replaced'>>;

/** Files of which the workspace does not have what the head has. */
export function replacedPaths({ replaced = [] }: Steered): readonly RepoPath[] {
  return pathsWith(replaced, (what) => what !== 'head');
}

/** Files of the head that are imported by what steers. */
export function importedPaths({ replaced = [] }: Steered): readonly RepoPath[] {
  return pathsWith(replaced, (what) => what === 'head');
}

function pathsWith(
  files: readonly ReplacedFile[],
  isTaken: (what: ReplacedFile['what']) => boolean,
): readonly RepoPath[] {
  return files.filter(({ what }) => isTaken(what)).map(({ path }) => path);
}
