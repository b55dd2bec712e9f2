import type { OverlayFile, SourceSnapshot } from '../ports/source.ts';
import type { ChangedFile } from '../protocol/task-input.ts';

/** Bytes that are held at once to make the files what they were. */
const maxBytes = 64 * 1024 * 1024;

/**
 * Files of the merge base in place of what a pull request made of them. Undefined where that cannot be: a file was a
 * link or a submodule, or there is too much of it.
 */
export async function takeBack(
  snapshot: Pick<SourceSnapshot, 'readBase'>,
  changes: readonly ChangedFile[],
): Promise<readonly OverlayFile[] | undefined> {
  const before = new Map<OverlayFile['path'], OverlayFile>();
  let total = 0;
  // What is gone first: of two files that changed names each is there again in the end.
  for (const { path } of changes) before.set(path, { path, bytes: null });
  for (const { status, path, previousPath } of changes) {
    if (status === 'added') continue;
    const name = previousPath ?? path;
    const file = await snapshot.readBase(name);
    total += file?.bytes.byteLength ?? 0;
    if (file === undefined || total > maxBytes) return undefined;
    before.set(name, { path: name, ...file });
  }
  return [...before.values()];
}
