import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { TaskState } from '../../../src/domain/task.ts';
import type { Trigger } from '../../../src/domain/trigger.ts';
import { storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { number, repository, World } from '../../support/fakes/world.ts';

/** A comment that GitHub could not deliver, and sends again now: received now, written long ago. */
async function sentAgain(world: World, comment: Trigger): Promise<void> {
  await handleTrigger(world.context, { ...comment, receivedAtMs: world.clock.nowMs() });
}

const hourMs = 3_600_000;

describe('a comment whose first delivery was lost', () => {
  it.each([
    ['/sallyport approve', 'awaiting-approval'],
    ['/sallyport reject', 'awaiting-approval'],
    ['/sallyport reject', 'awaiting-run-approval'],
    ['/sallyport cancel', 'running'],
  ] as const)('%s means nothing that came after it (%s)', async (words, state) => {
    const world = new World();
    const lost = world.comment('maintainer', words);
    await world.clock.advance(hourMs);
    const task = await storedTask(world, state);
    await world.clock.advance(hourMs);
    await sentAgain(world, lost);
    expect(await storedNow(world, task)).toMatchObject({ state });
  });

  it.each([
    ['/sallyport approve', 'awaiting-approval', 'applying'],
    ['/sallyport cancel', 'running', 'cancelled'],
  ] as const)('%s still means what was there', async (words, before, after) => {
    const world = new World();
    const task = await storedTask(world, before);
    await world.clock.advance(hourMs);
    const lost = world.comment('maintainer', words);
    await world.clock.advance(hourMs);
    await sentAgain(world, lost);
    expect(await storedNow(world, task)).toMatchObject({ state: after });
  });

  it('is no approval of a patch that its task had not made yet', async () => {
    const world = new World();
    const task = await storedTask(world, 'publishing');
    await world.clock.advance(hourMs);
    const lost = world.comment('maintainer', '/sallyport approve');
    await world.clock.advance(hourMs);
    await settleTask(world.context, task.id);
    expect(await storedNow(world, task)).toMatchObject({ state: 'awaiting-approval' });
    await sentAgain(world, lost);
    expect(await storedNow(world, task)).toMatchObject({ state: 'awaiting-approval' });
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport approve'));
    expect(await storedNow(world, task)).toMatchObject({ state: 'applying' });
  });

  it('runs nothing again that failed after it', async () => {
    const world = new World();
    const lost = world.comment('maintainer', '/sallyport retry');
    await world.clock.advance(hourMs);
    await storedTask(world, 'failed');
    await sentAgain(world, lost);
    const { repositoryId } = repository;
    const tasks = await world.store.tasks.ofPullRequest(repositoryId, number, TaskState.options);
    expect(tasks).toMatchObject([{ state: 'failed' }]);
  });

  it('does not pause what was resumed after it', async () => {
    const world = new World();
    const lost = world.comment('maintainer', '/sallyport pause');
    await world.clock.advance(hourMs);
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport resume'));
    await world.clock.advance(hourMs);
    await sentAgain(world, lost);
    const { repositoryId } = repository;
    expect(await world.store.pauses.isPaused({ repositoryId, number })).toBe(false);
  });

  it('counts up to the end of its second, which is all that GitHub tells', async () => {
    const world = new World();
    await world.clock.advance(999 - (world.clock.nowMs() % 1_000));
    const task = await storedTask(world, 'awaiting-approval');
    const comment = world.comment('maintainer', '/sallyport approve');
    const updatedAt = `${comment.updatedAt.slice(0, 19)}Z`;
    world.github.said.set(comment.commentId, {
      body: comment.body,
      updatedAt,
      isOwn: false,
      isMember: false,
    });
    await handleTrigger(world.context, { ...comment, updatedAt });
    expect(await storedNow(world, task)).toMatchObject({ state: 'applying' });
  });
});
