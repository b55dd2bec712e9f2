import type { Task } from '../domain/task.ts';
import { Postponed } from '../ports/queue.ts';
import type { Context } from './context.ts';

/** When a publisher that found another at work looks again, ms. */
const lookAgainMs = 500;

/**
 * Does what makes content on GitHub, as the one publisher of the installation: over all processes, one at a time.
 * @throws Postponed when another is at work; nothing was done then
 */
export async function asPublisher<T>(
  { turns }: Pick<Context, 'turns'>,
  { repository: { installationId } }: Pick<Task, 'repository'>,
  work: () => Promise<T>,
): Promise<T> {
  const turn = await turns.tryTake(`publish ${installationId}`, work);
  if (!turn.taken) throw new Postponed(lookAgainMs);
  return turn.result;
}
