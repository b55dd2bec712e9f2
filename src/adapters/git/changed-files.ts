import type { RepoPath } from '../../domain/repo-path.ts';
import { SallyportError } from '../../errors.ts';
import type { ChangedFile } from '../../protocol/task-input.ts';
import type { PatchSection } from './patch-sections.ts';
import type { DiffSide, RawChange } from './raw-diff.ts';
import { readPath } from './repo-path-bytes.ts';
import { kindOfMode } from './tree-listing.ts';

/** A changed file whose diff does not tell whether it is text: its content is the same on both sides. */
export interface Undecided {
  readonly file: ChangedFile;
  readonly sha: string;
}

/** The files of a diff, and which of them need a look at their content. */
export interface DiffReading {
  readonly files: readonly ChangedFile[];
  readonly undecided: readonly Undecided[];
}

/**
 * Joins the raw diff (exact paths and modes) with the sections of the patch (lines, binary), in
 * git's order. A file whose own path cannot be used is left out; an unusable old path becomes null.
 * @throws SallyportError `git.failed` when the two do not describe the same files
 */
export function joinDiff(
  changes: readonly RawChange[],
  sections: readonly PatchSection[],
): DiffReading {
  const rest = sections.values();
  const files: ChangedFile[] = [];
  const undecided: Undecided[] = [];
  for (const change of changes) {
    const section = takeSection(change, rest);
    const file = changedFile(change, section);
    if (file === null) continue;
    files.push(file);
    const side = change.after ?? change.before;
    if (section.index === null && file.kind === 'text' && side !== null)
      undecided.push({ file, sha: side.sha });
  }
  if (rest.next().done !== true) throw mismatch();
  return { files, undecided };
}

/** The section of a change; a type change has two, the deletion and then the creation. */
function takeSection(change: RawChange, rest: Iterator<PatchSection>): PatchSection {
  if (change.status === 'type-changed') matching(rest.next(), change.before, null);
  const before = change.status === 'type-changed' ? null : change.before;
  return matching(rest.next(), before, change.after);
}

function matching(
  next: IteratorResult<PatchSection, unknown>,
  before: DiffSide | null,
  after: DiffSide | null,
): PatchSection {
  if (next.done === true) throw mismatch();
  const { index } = next.value;
  const isSame = index === null ? before?.sha === after?.sha : isOf(index, before, after);
  if (!isSame) throw mismatch();
  return next.value;
}

const noObject = '0'.repeat(40);

function isOf(
  index: { readonly before: string; readonly after: string },
  before: DiffSide | null,
  after: DiffSide | null,
): boolean {
  return index.before === (before?.sha ?? noObject) && index.after === (after?.sha ?? noObject);
}

function changedFile(change: RawChange, section: PatchSection): ChangedFile | null {
  const side = change.after ?? change.before;
  const path = side === null ? null : usablePath(side);
  if (side === null || path === null) return null;
  const kind = kindOf(side, section);
  return {
    path,
    previousPath:
      change.status === 'renamed' && change.before !== null ? usablePath(change.before) : null,
    status: change.status,
    kind,
    // A link's target and a submodule's id appear as lines in a patch, but are no lines of a file.
    addedLines: kind === 'text' ? section.addedLines : [],
  };
}

function kindOf(side: DiffSide, section: PatchSection): ChangedFile['kind'] {
  const kind = kindOfMode(side.mode);
  if (kind === 'symlink' || kind === 'submodule') return kind;
  return section.isBinary ? 'binary' : 'text';
}

function usablePath(side: DiffSide): RepoPath | null {
  const reading = readPath(side.pathBytes);
  return 'path' in reading ? reading.path : null;
}

function mismatch(): SallyportError {
  return new SallyportError('git.failed', "git's two descriptions of one diff do not agree");
}
