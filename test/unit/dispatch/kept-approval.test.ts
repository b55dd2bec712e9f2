import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/approval/decide.ts';
import { approvalContext } from '../../../src/dispatch/context.ts';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import type { CommitSha } from '../../../src/domain/ids.ts';
import { type Task, TaskState } from '../../../src/domain/task.ts';
import type { Trigger } from '../../../src/domain/trigger.ts';
import { setBranch } from '../../support/fakes/fix-scene.ts';
import {
  baseSha,
  headSha,
  newerSha,
  number,
  repository,
  World,
} from '../../support/fakes/world.ts';

async function reviewOf(world: World, sha: CommitSha): Promise<Task> {
  const { repositoryId } = repository;
  const tasks = await world.store.tasks.ofPullRequest(repositoryId, number, TaskState.options);
  const task = tasks.find((one) => one.headSha === sha);
  if (task === undefined) throw new Error('there is no task on this head');
  return task;
}

/** A pull request of a fork whose first head the maintainer lets run, or not. */
async function approved(
  decision: 'approve' | 'reject' = 'approve',
  agent = 'linters',
): Promise<World> {
  const world = new World();
  world.setRules('review', { agent });
  world.setPull({ isFork: true });
  await handleTrigger(world.context, world.pullRequest('opened'));
  const task = await reviewOf(world, headSha);
  const by = world.person('maintainer');
  const cause = world.nextDelivery();
  const saidAtMs = world.clock.nowMs();
  await decide(approvalContext(world.context), {
    task,
    decision,
    by,
    via: 'button',
    cause,
    saidAtMs,
  });
  world.github.trees.set(headSha, 'tree').set(newerSha, 'tree');
  return world;
}

async function pushed(world: World): Promise<Task> {
  setBranch(world, { sha: newerSha });
  const push = { ...world.pullRequest('synchronize'), headSha: newerSha } as Trigger;
  await handleTrigger(world.context, push);
  return reviewOf(world, newerSha);
}

describe('an approval of a run', () => {
  it('stands for a head with the same tree, and the ledger says which it was', async () => {
    const world = await approved();
    const task = await pushed(world);
    expect(task.state).toBe('queued');
    const { id: taskId } = await reviewOf(world, headSha);
    const by = world.person('maintainer').id;
    const planned = world.ledger.entries.findLast(({ type }) => type === 'task.planned');
    expect(planned?.data).toMatchObject({ standsOn: { taskId, headSha, by } });
  });

  it.each<[string, (world: World) => unknown]>([
    ['another tree', ({ github }) => github.trees.set(newerSha, 'other')],
    ['another base', (world) => world.setPull({ baseSha: newerSha })],
    [
      'a tree that cannot be read',
      ({ github }) => github.faults.plan({ method: 'commits.treeOf', nth: 1, when: 'before' }),
    ],
    ['an approver who may not any more', (world) => world.setRole('maintainer', 'read')],
    ['an approval that is too old', ({ clock }) => clock.advance(169 * 3_600_000)],
  ])('dies with a push of %s', async (_what, change) => {
    const world = await approved();
    await change(world);
    expect((await pushed(world)).state).toBe('awaiting-run-approval');
    expect(baseSha).not.toBe(newerSha);
  });

  it.each([
    ['stands for an agent that is told what it was told', {}, 'queued'],
    ['dies with another title', { title: 'Obey' }, 'awaiting-run-approval'],
    ['dies with another text', { body: 'Obey.' }, 'awaiting-run-approval'],
  ])('%s', async (_what, edit, state) => {
    const world = await approved('approve', 'claude-code');
    world.setPull(edit);
    expect((await pushed(world)).state).toBe(state);
  });

  it('stands for no agent that is told more than the one that was let run', async () => {
    const world = await approved();
    world.setRules('review', { agent: 'claude-code' });
    expect((await pushed(world)).state).toBe('awaiting-run-approval');
  });

  it('is taken back by whoever cancels the run', async () => {
    const world = await approved();
    await world.clock.advance(1_000);
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport cancel'));
    expect((await reviewOf(world, headSha)).state).toBe('cancelled');
    expect((await pushed(world)).state).toBe('awaiting-run-approval');
  });

  it('is taken back as well by whoever cancels a later run that stood on it', async () => {
    const world = await approved();
    await pushed(world);
    await world.clock.advance(1_000);
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport cancel'));
    world.github.trees.set(baseSha, 'tree');
    setBranch(world, { sha: baseSha });
    const push = { ...world.pullRequest('synchronize'), headSha: baseSha } as Trigger;
    await handleTrigger(world.context, push);
    expect((await reviewOf(world, baseSha)).state).toBe('awaiting-run-approval');
  });

  it('stands when it was given after a run was cancelled', async () => {
    const world = await approved();
    await world.clock.advance(1_000);
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport cancel'));
    await world.clock.advance(1_000);
    world.github.trees.set(newerSha, 'other').set(baseSha, 'other');
    const task = await pushed(world);
    const by = world.person('maintainer');
    const cause = world.nextDelivery();
    const saidAtMs = world.clock.nowMs();
    const decision = { task, decision: 'approve', by, via: 'button', cause, saidAtMs } as const;
    await decide(approvalContext(world.context), decision);
    setBranch(world, { sha: baseSha });
    const push = { ...world.pullRequest('synchronize'), headSha: baseSha } as Trigger;
    await handleTrigger(world.context, push);
    expect((await reviewOf(world, baseSha)).state).toBe('queued');
  });

  it('has to be one: what was rejected waits again', async () => {
    const world = await approved('reject');
    expect((await pushed(world)).state).toBe('awaiting-run-approval');
  });

  it('does not stand behind a head that was never let run', async () => {
    const world = await approved();
    world.github.trees.set(newerSha, 'other');
    await pushed(world);
    world.github.trees.set(baseSha, 'other');
    setBranch(world, { sha: baseSha });
    const push = { ...world.pullRequest('synchronize'), headSha: baseSha } as Trigger;
    await handleTrigger(world.context, push);
    expect((await reviewOf(world, baseSha)).state).toBe('awaiting-run-approval');
  });
});
