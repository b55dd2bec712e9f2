import { digestOf } from '../domain/ids.ts';
import type { ProposedChange } from '../domain/outcome.ts';
import type { ArtifactStore } from '../ports/store.ts';
import type { FileChange } from './validate-result.ts';

/** Stores both sides of every change, and names them. */
export async function keepChanges(
  artifacts: ArtifactStore,
  files: readonly FileChange[],
): Promise<ProposedChange[]> {
  const changes: ProposedChange[] = [];
  for (const { path, before, after } of files) {
    const beforeDigest = before === null ? null : digestOf(before);
    if (before !== null) await artifacts.put(before);
    changes.push({
      path,
      before: beforeDigest,
      after: after === null ? null : await artifacts.put(after),
    });
  }
  return changes;
}
