import { SallyportError } from '../../errors.ts';
import type { TaskInput } from '../../protocol/task-input.ts';
import type { BeforeEntries } from './before-entries.ts';
import type { HeadEntry, HeadTree, InputLimits } from './head-tree.ts';

/** The two trees of a pull request. */
interface Trees {
  readonly tree: Pick<HeadTree, 'entries'>;
  readonly before: BeforeEntries;
  readonly limits: InputLimits;
}

/**
 * What a bundle carries of the merge base, sorted by path bytes: whatever the sandbox does not copy from the head,
 * which is what the task says has changed or was replaced.
 * @throws SallyportError `input.too-large` when the whole tree passes `limits.workspaceBytes`
 */
export function baseEntries(
  { tree, before, limits }: Trees,
  input: Pick<TaskInput, 'changedFiles' | 'replaced'>,
): readonly HeadEntry[] {
  const carried = new Set<string>(input.changedFiles.map(({ path }) => path));
  for (const path of input.replaced ?? []) carried.add(path);
  const same = tree.entries.filter(({ path }) => !before.touched.has(path));
  if (bytesOf(same) + bytesOf(before.entries) > limits.workspaceBytes) {
    const ceiling = `${String(limits.workspaceBytes)} bytes together`;
    throw new SallyportError('input.too-large', `the files of the base are larger than ${ceiling}`);
  }
  const told = same.filter(({ path }) => carried.has(path));
  return [...before.entries, ...told].sort((a, b) =>
    Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)),
  );
}

function bytesOf(entries: readonly HeadEntry[]): number {
  return entries.reduce((sum, { bytes }) => sum + bytes, 0);
}
