import { keptAsked } from '../../../src/dispatch/asked-work.ts';
import type { Task } from '../../../src/domain/task.ts';
import { TaskState } from '../../../src/domain/task.ts';
import { number, repository, type World } from '../../support/fakes/world.ts';

/** The fixes that were started. */
export async function fixesOf({ store }: World): Promise<readonly Task[]> {
  const all = await store.tasks.ofPullRequest(repository.repositoryId, number, TaskState.options);
  return all.filter(({ name }) => name === 'fix');
}

/** The newest of them, and what it was asked. */
export async function askedOf(world: World) {
  const [task] = await fixesOf(world);
  if (task === undefined) throw new Error('no fix was started');
  return { task, asked: await keptAsked(world.context, task.id) };
}
