import type { ProposedChange } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import type { ApprovalContext } from './context.ts';
import type { GatedPatch } from './gate-patch.ts';
import { readOutcome } from './read-outcome.ts';

/** Contents of the files that the patch leaves in place, by path, read by digest. */
export async function readAfter(
  context: Pick<ApprovalContext, 'store'>,
  changes: readonly ProposedChange[],
): Promise<ReadonlyMap<ProposedChange['path'], Uint8Array>> {
  const after = new Map<ProposedChange['path'], Uint8Array>();
  for (const change of changes) {
    if (change.after === null) continue;
    after.set(change.path, await context.store.artifacts.get(change.after));
  }
  return after;
}

/** The patch that a task proposes. @throws SallyportError `store.corrupt` */
export async function readPatch(
  context: Pick<ApprovalContext, 'store'>,
  task: Task,
): Promise<GatedPatch> {
  const { changes } = await readOutcome(context.store.artifacts, task);
  return { changes, afterBytes: await readAfter(context, changes) };
}
