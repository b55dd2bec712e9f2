import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { type Task, TaskState } from '../../../src/domain/task.ts';
import { setBranch, storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { headSha, newerSha, number, repository, World } from '../../support/fakes/world.ts';

function click(world: World, task: Task, login = 'maintainer') {
  const sender = world.person(login);
  const common = { ...world.byGitHub(), repository, sender, headSha };
  const run = { checkRunId: task.checkRunId ?? 0, externalId: task.id as string };
  return { ...common, ...run, type: 'check-action', identifier: 're-run' } as const;
}

async function others(world: World, task: Task): Promise<readonly Task[]> {
  const all = await world.store.tasks.ofPullRequest(7, number, TaskState.options);
  return all.filter(({ id }) => id !== task.id);
}

describe('the button Re-run of a patch that waits', () => {
  it('makes a new task in its place, as who clicked asks, and takes the buttons away', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval', { task: { instructions: 'typos' } });
    await world.clock.advance(1_000);
    const trigger = click(world, task);
    await handleTrigger(world.context, trigger);
    await handleTrigger(world.context, trigger);
    const requestedBy = world.person('maintainer');
    expect(await others(world, task)).toMatchObject([
      { name: 'fix', state: 'queued', instructions: 'typos', headSha, requestedBy },
    ]);
    expect((await storedNow(world, task)).state).toBe('superseded');
    await settleTask(world.context, task.id);
    const run = world.github.runs.get(task.checkRunId ?? 0);
    expect(run?.output.title).toBe('Superseded by a newer task');
    expect(run?.actions).toEqual([]);
  });

  it('works on the present head', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    setBranch(world, { sha: newerSha });
    await world.tellPusher();
    await handleTrigger(world.context, click(world, task));
    expect(await others(world, task)).toMatchObject([{ state: 'queued', headSha: newerSha }]);
    expect((await storedNow(world, task)).state).toBe('superseded');
  });

  it('is refused to who may not run the task, and the patch waits on', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    await handleTrigger(world.context, click(world, task, 'reader'));
    expect(await others(world, task)).toEqual([]);
    expect((await storedNow(world, task)).state).toBe('awaiting-approval');
    expect(world.github.comments.at(-1)?.body).toContain('`write` permission or more');
  });

  it.each(['superseded', 'cancelled', 'applying', 'done', 'awaiting-run-approval'] as const)(
    'does nothing any more where the task is %s',
    async (state) => {
      const world = new World();
      const task = await storedTask(world, state);
      await handleTrigger(world.context, click(world, task));
      expect(await others(world, task)).toEqual([]);
      expect((await storedNow(world, task)).state).toBe(state);
    },
  );

  it('does nothing for a check of a task that is not ours to know', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    await handleTrigger(world.context, { ...click(world, task), checkRunId: 1 });
    await handleTrigger(world.context, { ...click(world, task), externalId: 'pull-12-x' });
    expect(await others(world, task)).toEqual([]);
  });
});
