import { describe, expect, it } from 'vitest';
import { isMeant, waitingTasks } from '../../../src/approval/waiting-task.ts';
import { type SceneOptions, storedTask } from '../../support/fakes/fix-scene.ts';
import { headSha, newerSha, number, repository, World } from '../../support/fakes/world.ts';

const here = { repository, number };

async function scene() {
  const world = new World();
  const add = (state: Parameters<typeof storedTask>[1], options: SceneOptions) =>
    storedTask(world, state, options);
  const run = await add('awaiting-run-approval', { kind: 'review', cause: 'run' });
  const older = await add('awaiting-approval', { cause: 'older' });
  await world.clock.advance(1_000);
  const newer = await add('awaiting-approval', { cause: 'newer', task: { headSha: newerSha } });
  await add('running', { cause: 'running' });
  await add('done', { cause: 'done' });
  await add('awaiting-approval', { cause: 'elsewhere', task: { pullRequest: 99 } });
  const other = { ...repository, repositoryId: 8 };
  await add('awaiting-approval', { cause: 'other-repository', task: { repository: other } });
  const waiting = async (target: string | null) => {
    const found = await waitingTasks(world.store.tasks, here);
    return found.filter((task) => isMeant(task, target)).map((task) => task.id);
  };
  return { waiting, run, older, newer };
}

describe('what waits on a pull request', () => {
  it('is patches before runs, newest first, and nothing that waits elsewhere', async () => {
    const { waiting, run, older, newer } = await scene();
    expect(await waiting(null)).toEqual([newer.id, older.id, run.id]);
  });

  it('can be named by the name of its task', async () => {
    const { waiting, run, older, newer } = await scene();
    expect(await waiting('fix')).toEqual([newer.id, older.id]);
    expect(await waiting('review')).toEqual([run.id]);
  });

  it('can be named by its id, or by seven digits of its head', async () => {
    const { waiting, run, older, newer } = await scene();
    expect(await waiting(run.id)).toEqual([run.id]);
    expect(await waiting(newerSha.slice(0, 7).toUpperCase())).toEqual([newer.id]);
    expect(await waiting(headSha)).toEqual([older.id, run.id]);
  });

  it.each([
    ['too few digits', headSha.slice(0, 6)],
    ['another head', 'f'.repeat(40)],
    ['nothing', ''],
    ['a part of an id', 't'],
    ['a part of a name', 'fi'],
    ['a name in capitals', 'FIX'],
    ['a pattern', 'a{7,40}'],
    ['more than a head', `${headSha}0`],
  ])('is not named by %s', async (_what, target) => {
    const { waiting } = await scene();
    expect(await waiting(target)).toEqual([]);
  });
});
