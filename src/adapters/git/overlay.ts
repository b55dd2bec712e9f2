import { digestOf } from '../../domain/ids.ts';
import type { OverlayFile } from '../../ports/source.ts';
import type { HeadEntry } from './head-tree.ts';

/** The entries of a tree with some of its files as they would be, sorted by path bytes. A file keeps its mode. */
export function overlaid(
  entries: readonly HeadEntry[],
  overlay: readonly OverlayFile[],
): readonly HeadEntry[] {
  if (overlay.length === 0) return entries;
  const before = new Map(entries.map((entry) => [entry.path, entry]));
  const after = new Map(before);
  for (const { path, bytes: content, executable } of overlay) {
    if (content === null) {
      after.delete(path);
      continue;
    }
    const isExecutable = executable ?? before.get(path)?.kind === 'executable';
    const kind = isExecutable ? 'executable' : 'file';
    const sha = digestOf(content);
    after.set(path, { path, kind, sha, bytes: content.byteLength, target: null, content });
  }
  return [...after.values()].sort((a, b) =>
    Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)),
  );
}
