import { Outcome, type ProposedChange } from '../domain/outcome.ts';
import { parsedJson } from '../domain/parsed-json.ts';
import type { Task } from '../domain/task.ts';
import { SallyportError } from '../errors.ts';
import type { ArtifactStore } from '../ports/store.ts';

/** The validated outcome of a task's run. @throws SallyportError `store.corrupt` when there is none */
export async function readOutcome(artifacts: ArtifactStore, task: Task): Promise<Outcome> {
  if (task.outcomeDigest === null) {
    throw new SallyportError('store.corrupt', `task ${task.id} has no outcome`);
  }
  const bytes = await artifacts.get(task.outcomeDigest);
  const parsed = Outcome.safeParse(parsedJson(Buffer.from(bytes).toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new SallyportError(
    'store.corrupt',
    `the outcome of task ${task.id} does not fit its schema`,
  );
}

/** Both sides of one change. */
export interface Sides {
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
}

/** The bytes of a patch, by path. */
export async function readSides(
  artifacts: ArtifactStore,
  changes: readonly ProposedChange[],
): Promise<ReadonlyMap<ProposedChange['path'], Sides>> {
  const sides = new Map<ProposedChange['path'], Sides>();
  for (const { path, before, after } of changes) {
    sides.set(path, {
      before: before === null ? null : await artifacts.get(before),
      after: after === null ? null : await artifacts.get(after),
    });
  }
  return sides;
}
