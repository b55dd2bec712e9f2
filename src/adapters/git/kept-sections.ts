import { parsePatch } from './patch-sections.ts';
import type { RawChange } from './raw-diff.ts';
import { readPath } from './repo-path-bytes.ts';

/**
 * The parts of a patch whose files are input, byte for byte. Of a rename both names have to be; a file whose
 * name cannot be used is none. `changes` are the raw diff of the same two trees, in git's order.
 */
export async function keptSections(
  patch: Buffer,
  changes: readonly RawChange[],
  isInput: (path: string) => Promise<boolean>,
): Promise<Buffer> {
  const starts: number[] = [];
  parsePatch(patch, (start) => starts.push(start));
  const kept: Buffer[] = [];
  let next = 0;
  for (const change of changes) {
    const from = starts[next];
    // A type change is two sections, the deletion and then the creation.
    next += change.status === 'type-changed' ? 2 : 1;
    if (from === undefined || !(await isShown(change, isInput))) continue;
    kept.push(patch.subarray(from, starts[next] ?? patch.length));
  }
  return Buffer.concat(kept);
}

async function isShown(
  change: RawChange,
  isInput: (path: string) => Promise<boolean>,
): Promise<boolean> {
  const sides = [change.before, change.after].filter((side) => side !== null);
  for (const { pathBytes } of sides) {
    const reading = readPath(pathBytes);
    if (!('path' in reading) || !(await isInput(reading.path))) return false;
  }
  return true;
}
