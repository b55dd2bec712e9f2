import { z } from 'zod';
import type { TaskId } from '../domain/ids.ts';
import type { Task } from '../domain/task.ts';
import type { StepStore } from '../ports/store.ts';

interface Steps {
  readonly steps: StepStore;
}

const Ids = z.array(z.int());

const step = 'requesters';

/**
 * Everybody who asked for what a task does, by their numeric ids: whoever has it run again is one of them, and so
 * stays everybody before, since the instructions are theirs.
 */
export async function requestersOf({ steps }: Steps, task: Task): Promise<ReadonlySet<number>> {
  const kept = await steps.find(task.id, step);
  const before = kept === undefined ? [] : Ids.parse(JSON.parse(kept));
  return new Set([task.requestedBy.id, ...before]);
}

/** Keeps who asked for what a task does again; their ids. To be done before the task is stored. */
export async function keepRequesters(store: Steps, taskId: TaskId, again: Task): Promise<number[]> {
  const ids = [...(await requestersOf(store, again))];
  await store.steps.finish(taskId, step, JSON.stringify(ids));
  return ids;
}
