import { randomBytes } from 'node:crypto';
import type { Task } from '../domain/task.ts';
import type { StepStore } from '../ports/store.ts';

const step = 'commit-mark';

/**
 * The line of the commit message by which a commit is found again after a crash. The task's id stands in its check for
 * everybody to read, so what nobody can know before the commit is there stands beside it: a random mark that the
 * store keeps from before the first try.
 */
export async function commitTrailer(
  { steps }: { readonly steps: StepStore },
  { id }: Task,
): Promise<string> {
  // What is kept counts: another process may have kept its own.
  const mark = await steps.keep(id, step, randomBytes(16).toString('hex'));
  return `Sallyport-Task: ${id} ${mark}`;
}
