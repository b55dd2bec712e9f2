import type { RefusedChange } from '../domain/outcome.ts';
import type { RepoPath } from '../domain/repo-path.ts';
import type { PatchedFile, PatchHunk } from '../protocol/patched-file.ts';
import type { WorkspaceChange } from '../protocol/result.ts';
import { cutLines, joinLines } from '../report/text-lines.ts';
import type { PristineTexts } from './pristine-texts.ts';

/** What an agent's diff makes of the files, as if the sandbox had written them, and where it does not fit. */
export interface TakenPatch {
  readonly changes: readonly WorkspaceChange[];
  readonly files: ReadonlyMap<RepoPath, Uint8Array>;
  readonly refused: readonly RefusedChange[];
}

/**
 * Applies a diff to the pristine texts: every line of it, its context too, has to be where the diff says. A file
 * in `own`, which the agent changed itself, is left as the agent wants it.
 */
export async function takePatch(
  texts: PristineTexts,
  patch: readonly PatchedFile[],
  own: ReadonlySet<string>,
): Promise<TakenPatch> {
  const changes: WorkspaceChange[] = [];
  const files = new Map<RepoPath, Uint8Array>();
  const refused: RefusedChange[] = [];
  for (const file of patch.filter(({ path }) => !own.has(path))) {
    const taken = await takeFile(texts, file);
    if (taken === undefined) refused.push({ path: file.path, reason: 'unfit-patch' });
    else changes.push(taken.change);
    if (taken?.bytes !== undefined) files.set(file.path, taken.bytes);
  }
  return { changes, files, refused };
}

interface TakenFile {
  readonly change: WorkspaceChange;
  readonly bytes?: Uint8Array;
}

async function takeFile(
  texts: PristineTexts,
  { path, kind, hunks }: PatchedFile,
): Promise<TakenFile | undefined> {
  const isNew = kind === 'added';
  const text = isNew ? undefined : await texts.read(path);
  if (isNew ? texts.snapshot.kindInHead(path) !== undefined : text === undefined) return undefined;
  const after = applyHunks(text?.lines ?? [], hunks);
  if (after === undefined) return undefined;
  if (kind === 'deleted') return after === '' ? { change: { kind: 'delete', path } } : undefined;
  const bytes = joinLines([after]);
  const executable = text?.executable ?? false;
  return { change: { kind: 'write', path, executable, bytes: bytes.byteLength }, bytes };
}

/** The text after these hunks; undefined when one of them is not where it says, or comes before its predecessor. */
function applyHunks(lines: readonly string[], hunks: readonly PatchHunk[]): string | undefined {
  const pieces: string[] = [];
  let at = 0;
  for (const { startLine, oldText, newText } of hunks) {
    const start = startLine - 1;
    const end = start + cutLines(oldText).length;
    if (start < at || end > lines.length) return undefined;
    if (lines.slice(start, end).join('') !== oldText) return undefined;
    // One string: as arguments of their own, the lines of a long file overflow the stack.
    pieces.push(lines.slice(at, start).join(''), newText);
    at = end;
  }
  return [...pieces, lines.slice(at).join('')].join('');
}
