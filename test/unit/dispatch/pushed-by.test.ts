import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { type Task, TaskState } from '../../../src/domain/task.ts';
import type { Trigger } from '../../../src/domain/trigger.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import { setBranch, storedTask } from '../../support/fakes/fix-scene.ts';
import { newerSha, number, repository, World } from '../../support/fakes/world.ts';

async function newest(world: World, name = 'review'): Promise<Task | undefined> {
  const { repositoryId } = repository;
  const tasks = await world.store.tasks.ofPullRequest(repositoryId, number, TaskState.options);
  return tasks.find((task) => task.name === name && task.headSha === newerSha);
}

/** The pull request's head becomes `newerSha`, pushed by somebody. */
async function push(world: World, login: string, type: 'User' | 'Bot' = 'User'): Promise<void> {
  setBranch(world, { sha: newerSha });
  const trigger = { ...world.pullRequest('synchronize'), headSha: newerSha };
  await handleTrigger(world.context, { ...trigger, sender: world.person(login, type) } as Trigger);
}

describe('a push to the branch of somebody who may run', () => {
  it.each([
    ['contributor', 'queued'],
    ['maintainer', 'queued'],
    ['reader', 'awaiting-run-approval'],
    ['eve', 'awaiting-run-approval'],
  ])('by %s: %s', async (login, state) => {
    const world = new World();
    await push(world, login);
    expect((await newest(world))?.state).toBe(state);
  });

  it('by somebody who may, to the branch of somebody who may not, waits as well', async () => {
    const world = new World();
    world.setPull({ authorLogin: 'reader' });
    await push(world, 'maintainer');
    expect((await newest(world))?.state).toBe('awaiting-run-approval');
  });

  it('is remembered by what others do to its head: a label, a draft that is ready', async () => {
    const world = new World();
    await push(world, 'reader');
    const { triggers } = rulesOf(world.policy.policy, 'fix');
    world.setRules('fix', { triggers: { ...triggers, events: ['labeled'] } });
    await handleTrigger(world.context, world.pullRequest('labeled'));
    expect((await newest(world, 'fix'))?.state).toBe('awaiting-run-approval');
  });

  it('is remembered when an older task is run again on its head', async () => {
    const world = new World();
    await storedTask(world, 'failed', { kind: 'fix' });
    await push(world, 'reader');
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport retry'));
    expect((await newest(world, 'fix'))?.state).toBe('awaiting-run-approval');
  });

  it('is judged by who pushed the head first, however often that is delivered', async () => {
    const world = new World();
    await push(world, 'reader');
    await push(world, 'contributor');
    await handleTrigger(world.context, world.pullRequest('retargeted'));
    expect((await newest(world))?.state).toBe('awaiting-run-approval');
  });

  it('of Sallyport’s own commit is judged by the author, as before', async () => {
    const world = new World();
    const applied = await storedTask(world, 'done', { kind: 'fix' });
    await world.store.steps.finish(applied.id, 'commit', newerSha);
    await push(world, 'sallyport[bot]', 'Bot');
    expect((await newest(world))?.state).toBe('queued');
  });
});
