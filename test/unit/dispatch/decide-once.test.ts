import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import type { Task } from '../../../src/domain/task.ts';
import { headSha, newerSha, number, repository, World } from '../../support/fakes/world.ts';

async function waiting(world: World): Promise<readonly Task[]> {
  return world.store.tasks.ofPullRequest(repository.repositoryId, number, [
    'awaiting-approval',
    'awaiting-run-approval',
  ]);
}

async function heldRun(world: World): Promise<void> {
  world.setPull({ isFork: true });
  await handleTrigger(world.context, world.pullRequest('opened'));
}

describe('one comment decides once', () => {
  it('tried again, it does not decide on what has come to wait since', async () => {
    const world = new World();
    await heldRun(world);
    world.store.faults.plan({ method: 'tasks.transition', nth: 1, when: 'after' });
    const approval = world.comment('maintainer', `/sallyport approve ${headSha.slice(0, 12)}`);
    await expect(handleTrigger(world.context, approval)).rejects.toThrow('planned');

    await handleTrigger(world.context, world.comment('maintainer', '/sallyport fix'));
    const [fix] = await world.store.tasks.ofPullRequest(7, number, ['queued']);
    if (fix?.kind !== 'fix') throw new Error('no fix was planned');
    const life = ['queued', 'preparing', 'running', 'collecting', 'publishing'] as const;
    for (const [at, from] of life.entries()) {
      const to = life[at + 1] ?? 'awaiting-approval';
      await world.store.tasks.transition(fix.id, [from], to);
    }
    await handleTrigger(world.context, approval);
    expect((await waiting(world)).map((task) => task.id)).toEqual([fix.id]);
    expect(world.ledger.types()).not.toContain('gate.write.approved');
  });

  it('does not decide on a head that came in after it', async () => {
    const world = new World();
    await heldRun(world);
    const approval = world.comment('maintainer', '/sallyport approve');
    await world.clock.advance(1_000);
    world.setPull({ headSha: newerSha });
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    await handleTrigger(world.context, approval);
    expect(await waiting(world)).toMatchObject([{ headSha: newerSha }]);
    expect(world.github.comments.at(-1)?.body).toContain('Nothing is waiting');
  });

  it('goes on when GitHub failed before the decision was taken', async () => {
    const world = new World();
    await heldRun(world);
    world.github.faults.plan({ method: 'permissions.of', nth: 2, when: 'before' });
    const approval = world.comment('maintainer', `/sallyport approve ${headSha.slice(0, 12)}`);
    await expect(handleTrigger(world.context, approval)).rejects.toThrow('planned');
    await handleTrigger(world.context, approval);
    expect(await waiting(world)).toEqual([]);
    expect(world.ledger.types()).toContain('gate.run.approved');
  });
});
