import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { World } from '../../support/fakes/world.ts';

/** What was reacted with when the first slow read failed: of the pull request, before the policy. */
async function reactionsOf(login: string, body: string): Promise<readonly string[]> {
  const world = new World();
  world.github.faults.plan({ method: 'pullRequests.get', nth: 1, when: 'before' });
  await expect(handleTrigger(world.context, world.comment(login, body))).rejects.toThrow('planned');
  return world.github.reactions.map(({ content }) => content);
}

describe('a command', () => {
  it('is acknowledged before anything but its author’s permission is asked for', async () => {
    expect(await reactionsOf('maintainer', '/sallyport review')).toEqual(['eyes']);
  });

  it.each([
    ['who has what everybody has', 'reader', '/sallyport review'],
    ['whom nobody knows', 'stranger', '/sallyport review'],
    ['who may, in a form that the policy may not have', 'maintainer', '/review'],
  ])('of somebody %s waits for the policy', async (_who, login, body) => {
    expect(await reactionsOf(login, body)).toEqual([]);
  });

  it('is acknowledged once', async () => {
    const world = new World();
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport status'));
    expect(world.github.faults.count('conversations.react')).toBe(1);
  });

  it('in a comment that was deleted is told as such', async () => {
    const world = new World();
    const trigger = world.comment('maintainer', '/sallyport fix');
    world.github.said.delete(trigger.commentId);
    await handleTrigger(world.context, trigger);
    expect(world.github.comments[0]?.body).toContain('was deleted');
    expect(world.github.reactions).toEqual([]);
  });

  it('waits until GitHub can be asked to react', async () => {
    const world = new World();
    world.github.faults.plan({ method: 'conversations.react', nth: 1, when: 'before' });
    const trigger = world.comment('maintainer', '/sallyport fix');
    await expect(handleTrigger(world.context, trigger)).rejects.toThrow('planned');
    expect(world.tasks.jobs.size).toBe(0);
  });
});
