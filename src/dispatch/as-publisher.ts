import type { Task } from '../domain/task.ts';
import { Postponed } from '../ports/queue.ts';
import type { Context } from './context.ts';

/** When a publisher that found another at work looks again, ms. */
const lookAgainMs = 2_000;

/** Makes sure that nobody else is the publisher by now. @throws Postponed when somebody is */
export type StayAlone = () => Promise<void>;

/**
 * Does what makes content on GitHub, as the one publisher of the installation: over all processes, one at a time. A
 * process that stood still may have lost its turn: `work` makes sure before each comment that it has not.
 * @throws Postponed when another is at work; nothing was done then
 */
export async function asPublisher<T>(
  { turns }: Pick<Context, 'turns'>,
  { repository: { installationId } }: Pick<Task, 'repository'>,
  work: (stayAlone: StayAlone) => Promise<T>,
): Promise<T> {
  const turn = await turns.tryTake(`publish ${installationId}`, (isStillMine) =>
    work(async () => {
      if (!(await isStillMine())) throw new Postponed(lookAgainMs);
    }),
  );
  if (!turn.taken) throw new Postponed(lookAgainMs);
  return turn.result;
}
