import { describe, expect, it } from 'vitest';
import { endVoid, endVoidEveryMs } from '../../../src/dispatch/end-void.ts';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { CommitSha, digestOf } from '../../../src/domain/ids.ts';
import type { Task } from '../../../src/domain/task.ts';
import { storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { addIssue, issueTask, moveTrunk } from '../../support/fakes/issue-scene.ts';
import { newerSha, repository, World } from '../../support/fakes/world.ts';

const otherBase = CommitSha.parse('e'.repeat(40));

type Change = (world: World) => void;
const push: Change = (world) => world.setPull({ headSha: newerSha });
const moveBase: Change = (world) => world.setPull({ baseSha: otherBase });
const changePolicy: Change = (world) => world.setRules('fix', {}, digestOf('another'));
const close: Change = (world) => world.setPull({ state: 'closed' });
const nothing: Change = () => undefined;
const breakPolicy: Change = (world) => {
  world.faults = [];
};

/** How the task ended and what its check shows. */
async function shownOf(world: World, task: Task) {
  await settleTask(world.context, task.id);
  const run = world.github.runs.get(task.checkRunId ?? 0);
  const { state, reason } = await storedNow(world, task);
  return { state, reason, title: run?.output.title, buttons: run?.actions.length };
}

describe('a patch that waits', () => {
  it.each([
    ['a push, also where nothing starts by itself', push, 'head:moved', 'A newer commit is there'],
    [
      'a base that moved',
      moveBase,
      'patch:void: the base branch moved',
      'Patch does not hold any more',
    ],
    [
      'another policy',
      changePolicy,
      'patch:void: the policy changed',
      'Patch does not hold any more',
    ],
  ])('loses its buttons with any event after %s', async (_what, change, reason, title) => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport pause'));
    change(world);
    await handleTrigger(world.context, world.pullRequest('labeled'));
    expect(await shownOf(world, task)).toEqual({ state: 'superseded', reason, title, buttons: 0 });
  });

  it.each([
    ['a push', push, 'superseded', 'head:moved'],
    ['a base that moved', moveBase, 'superseded', 'patch:void: the base branch moved'],
    ['another policy', changePolicy, 'superseded', 'patch:void: the policy changed'],
    ['the pull request closed', close, 'cancelled', 'pull-request:closed'],
  ])('ends without any event after %s', async (_what, change, state, reason) => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    change(world);
    await endVoid(world.context);
    expect(await storedNow(world, task)).toMatchObject({ state, reason });
  });

  it.each([
    ['nothing has changed', nothing],
    ['the policy is not valid, until it is', breakPolicy],
  ])('waits on where %s', async (_what, change) => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport pause'));
    change(world);
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    await endVoid(world.context);
    expect(await shownOf(world, task)).toMatchObject({ state: 'awaiting-approval', buttons: 3 });
  });

  it('for an issue waits on while the default branch moves, and ends with the policy', async () => {
    const world = new World();
    addIssue(world);
    const task = await issueTask(world, 'awaiting-approval');
    moveTrunk(world, otherBase);
    await endVoid(world.context);
    expect((await storedNow(world, task)).state).toBe('awaiting-approval');
    changePolicy(world);
    await endVoid(world.context);
    expect((await storedNow(world, task)).reason).toBe('patch:void: the policy changed');
  });

  it('that is being committed is left alone', async () => {
    const world = new World();
    const task = await storedTask(world, 'applying');
    push(world);
    await endVoid(world.context);
    await handleTrigger(world.context, world.pullRequest('labeled'));
    expect((await storedNow(world, task)).state).toBe('applying');
  });
});

describe('a run that waits', () => {
  it.each([
    ['the policy and the base', changePolicy, 'awaiting-run-approval'],
    ['its head', push, 'superseded'],
  ])('depends on its head alone: a change of %s', async (_what, change, state) => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-run-approval');
    change(world);
    world.setPull({ baseSha: otherBase });
    await endVoid(world.context);
    expect((await storedNow(world, task)).state).toBe(state);
  });
});

describe('the look at all that waits', () => {
  it('goes on where GitHub does not answer for one', async () => {
    const world = new World();
    const lost = { ...repository, repositoryId: 99 };
    await storedTask(world, 'awaiting-approval', { cause: 'lost', task: { repository: lost } });
    const task = await storedTask(world, 'awaiting-approval');
    push(world);
    await endVoid(world.context);
    expect((await storedNow(world, task)).state).toBe('superseded');
  });

  it('takes turns with more than one pass can look at', async () => {
    const world = new World();
    const tasks: Task[] = [];
    for (let count = 0; count < 40; count += 1)
      tasks.push(await storedTask(world, 'awaiting-approval', { cause: `t${count}` }));
    await endVoid(world.context);
    expect(world.github.faults.count('pullRequests.get')).toBe(30);
    push(world);
    for (let pass = 0; pass < 2; pass += 1) {
      await world.clock.advance(endVoidEveryMs);
      await endVoid(world.context);
    }
    const states = await Promise.all(
      tasks.map(async (task) => (await storedNow(world, task)).state),
    );
    expect(new Set(states)).toEqual(new Set(['superseded']));
  });
});
