import { join } from 'node:path';
import type { TaskInput } from '../../src/protocol/task-input.ts';
import type { GivenFiles } from './given-files.ts';
import type { NewTree } from './new-tree.ts';

/** The head as it was unpacked, before anybody else can touch it, and what of it the base does not have. */
type Head = {
  readonly input: Pick<TaskInput, 'changedFiles' | 'replaced' | 'hasBase'>;
  readonly given: GivenFiles;
  readonly workspace: string;
};

/**
 * Copies to the base what is the same in both trees: the bundle has no file twice. What changed, and what the
 * workspace has in the place of a file of the head, came with the bundle or is not in the base.
 */
export function completeBase(base: NewTree, { input, given, workspace }: Head): void {
  if (input.hasBase !== true) return;
  const others = new Set<string>(input.changedFiles.map(({ path }) => path));
  for (const path of input.replaced ?? []) others.add(path);
  for (const [path, file] of given) {
    if (others.has(path) || base.has(path)) continue;
    if (file.kind === 'symlink') base.link(path, file.target);
    else base.copy(path, join(workspace, path), file.executable);
  }
}
