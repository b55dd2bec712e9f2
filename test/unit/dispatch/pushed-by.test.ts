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

/** Everything that was planned on the pull request's new head, newest first. */
async function planned(world: World): Promise<readonly string[]> {
  const { repositoryId } = repository;
  const tasks = await world.store.tasks.ofPullRequest(repositoryId, number, TaskState.options);
  return tasks.flatMap(({ headSha, state }) => (headSha === newerSha ? [state] : []));
}

/** The pull request's head becomes `newerSha`, pushed by somebody. */
async function push(world: World, login: string, type: 'User' | 'Bot' = 'User'): Promise<void> {
  setBranch(world, { sha: newerSha });
  const trigger = world.pullRequest('synchronize');
  await handleTrigger(world.context, { ...trigger, sender: world.person(login, type) });
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

describe('a head of somebody who may run, pushed by nobody knows whom,', () => {
  it('waits when it was pushed while the pull request was closed, whoever opens it again', async () => {
    const world = new World();
    setBranch(world, { sha: newerSha });
    await handleTrigger(world.context, world.pullRequest('reopened'));
    expect(await planned(world)).toEqual(['awaiting-run-approval']);
  });

  it('runs when it is the one that the pull request was opened with', async () => {
    const world = new World();
    setBranch(world, { sha: newerSha });
    await handleTrigger(world.context, world.pullRequest('opened'));
    expect(await planned(world)).toEqual(['queued']);
  });

  it('waits when the delivery of an older head finds it, until its own tells whose it is', async () => {
    const world = new World();
    const opened = world.pullRequest('opened');
    setBranch(world, { sha: newerSha });
    await handleTrigger(world.context, opened);
    expect(await planned(world)).toEqual(['awaiting-run-approval']);
    await push(world, 'reader');
    expect(await planned(world)).toEqual(['awaiting-run-approval']);
  });

  it('runs when its own delivery comes late and tells that it is theirs', async () => {
    const world = new World();
    const opened = world.pullRequest('opened');
    setBranch(world, { sha: newerSha });
    await handleTrigger(world.context, opened);
    await world.clock.advance(1_000);
    await push(world, 'contributor');
    expect(await planned(world)).toEqual(['queued', 'superseded']);
  });

  it('is not let run by a label, or again by a delivery that comes twice', async () => {
    const world = new World();
    await push(world, 'reader');
    await push(world, 'contributor');
    const { triggers } = rulesOf(world.policy.policy, 'review');
    world.setRules('review', { triggers: { ...triggers, events: ['labeled'] } });
    await handleTrigger(world.context, world.pullRequest('labeled'));
    expect(await planned(world)).toEqual(['awaiting-run-approval']);
  });

  it.each([
    ['contributor', ['queued']],
    ['reader', ['awaiting-run-approval']],
  ])('is left to its own delivery by that of a push before it: by %s', async (login, states) => {
    const world = new World();
    const before = world.pullRequest('synchronize');
    setBranch(world, { sha: newerSha });
    await handleTrigger(world.context, before);
    expect(await planned(world)).toEqual([]);
    await push(world, login);
    expect(await planned(world)).toEqual(states);
  });

  it.each<[string, (world: World) => Trigger]>([
    [
      'what Sallyport finds by itself',
      (world) => ({ ...world.pullRequest('opened'), isDerived: true }),
    ],
    [
      'a press on *Re-run all checks*',
      (world) => {
        const { deliveryId, receivedAtMs } = world.byGitHub();
        const common = { deliveryId, receivedAtMs, repository, sender: world.person('maintainer') };
        const type = 'suite-rerequested';
        return { ...common, type, headSha: newerSha, pullRequests: [number] };
      },
    ],
  ])('is not made anybody’s by %s', async (_what, trigger) => {
    const world = new World();
    setBranch(world, { sha: newerSha });
    await handleTrigger(world.context, trigger(world));
    expect(await planned(world)).toEqual(['awaiting-run-approval']);
    await push(world, 'reader');
    expect(await planned(world)).toEqual(['awaiting-run-approval']);
  });
});
