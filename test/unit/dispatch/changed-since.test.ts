import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { TaskState } from '../../../src/domain/task.ts';
import { setBranch } from '../../support/fakes/fix-scene.ts';
import { headSha, newerSha, number, repository, World } from '../../support/fakes/world.ts';

/** A pull request that the maintainer has looked at, by somebody who may run nothing. */
function outside(how: 'a fork' | 'an outsider' = 'a fork'): World {
  const world = new World();
  if (how === 'a fork') world.setPull({ isFork: true, authorLogin: 'eve' });
  else world.setPull({ authorLogin: 'reader' });
  return world;
}

async function planned(world: World): Promise<readonly string[]> {
  const { repositoryId } = repository;
  const tasks = await world.store.tasks.ofPullRequest(repositoryId, number, TaskState.options);
  return tasks.map((task) => `${task.name} ${task.headSha.slice(0, 1)} ${task.state}`);
}

describe.each([
  ['/sallyport review', 'review'],
  ['/sallyport fix', 'fix'],
  ['/sallyport run fix', 'fix'],
])('%s', (words, name) => {
  it.each(['a fork', 'an outsider'] as const)('starts what is there, of %s', async (how) => {
    const world = outside(how);
    await world.clock.advance(1_000);
    await handleTrigger(world.context, world.comment('maintainer', words));
    expect(await planned(world)).toEqual([`${name} a queued`]);
  });

  it.each(['a fork', 'an outsider'] as const)(
    'lets nothing run that was pushed after it, by %s',
    async (how) => {
      const world = outside(how);
      const comment = world.comment('maintainer', words);
      await world.clock.advance(1_000);
      setBranch(world, { sha: newerSha });
      await handleTrigger(world.context, comment);
      expect(await planned(world)).toEqual([`${name} c awaiting-run-approval`]);
      const answer = world.github.comments.at(-1)?.body;
      expect(answer).toContain(`/sallyport approve ${newerSha.slice(0, 12)}`);
    },
  );

  it('lets no older head run that was pushed back after it', async () => {
    const world = outside();
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    setBranch(world, { sha: newerSha });
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    await world.clock.advance(1_000);
    const comment = world.comment('maintainer', words);
    await world.clock.advance(1_000);
    setBranch(world, { sha: headSha });
    await handleTrigger(world.context, comment);
    expect(await planned(world)).toContain(`${name} a awaiting-run-approval`);
  });

  it('starts at once on what those have pushed who may run', async () => {
    const world = new World();
    const comment = world.comment('maintainer', words);
    await world.clock.advance(1_000);
    setBranch(world, { sha: newerSha });
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    await handleTrigger(world.context, comment);
    expect(await planned(world)).toContain(`${name} c queued`);
  });

  it('that is handled twice keeps what it started', async () => {
    const world = outside();
    await world.clock.advance(1_000);
    const comment = world.comment('maintainer', words);
    await handleTrigger(world.context, comment);
    await world.clock.advance(1_000);
    world.setPull({ updatedAtMs: world.clock.nowMs() });
    await handleTrigger(world.context, comment);
    expect(await planned(world)).toEqual([`${name} a queued`]);
    expect(world.github.comments).toEqual([]);
  });
});
