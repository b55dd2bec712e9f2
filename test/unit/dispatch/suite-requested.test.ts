import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { type Task, TaskState } from '../../../src/domain/task.ts';
import type { Trigger } from '../../../src/domain/trigger.ts';
import { Postponed } from '../../../src/ports/queue.ts';
import { storedTask } from '../../support/fakes/fix-scene.ts';
import { headSha, newerSha, number, repository, World } from '../../support/fakes/world.ts';

const minuteMs = 60_000;

/** GitHub's second word on a push of `sha` by `login`. */
function requested(world: World, login = 'contributor', sha = headSha): Trigger {
  const common = { ...world.byGitHub(), repository, sender: world.person(login) };
  return { ...common, type: 'suite-requested', headSha: sha, pullRequests: [number, 404] };
}

/** The word is heard when it is time, and what it plans is done. */
async function heard(world: World, trigger = requested(world)): Promise<readonly Task[]> {
  await world.clock.advance(2 * minuteMs);
  await handleTrigger(world.context, trigger);
  for (const job of world.deliveries.jobs.values()) await handleTrigger(world.context, job);
  return world.store.tasks.ofPullRequest(repository.repositoryId, number, TaskState.options);
}

describe('the second word on a push', () => {
  it('lets the first one be heard before it', async () => {
    const world = new World();
    const trigger = requested(world);
    await world.clock.advance(minuteMs);
    const early = handleTrigger(world.context, trigger);
    await expect(early).rejects.toEqual(new Postponed(minuteMs));
    expect(world.ledger.types()).toEqual([]);
  });

  it('plans the pull request where the first one is lost, once', async () => {
    const world = new World();
    expect(await heard(world)).toMatchObject([{ name: 'review', headSha, state: 'queued' }]);
    expect(await heard(world)).toHaveLength(1);
    expect(world.github.runs.size).toBe(1);
  });

  it('does nothing where the first one was there', async () => {
    const world = new World();
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    expect(await heard(world)).toHaveLength(1);
    expect(world.deliveries.jobs.size).toBe(0);
  });

  it('is overtaken by a first one that comes late', async () => {
    const world = new World();
    await heard(world);
    await world.clock.advance(1_000);
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    expect(world.github.runs.size).toBe(1);
  });

  it.each([
    ['is closed', { state: 'closed' }],
    ['has another head', { headSha: newerSha }],
  ] as const)('plans nothing where the pull request %s', async (_how, change) => {
    const world = new World();
    const trigger = requested(world);
    world.setPull(change);
    expect(await heard(world, trigger)).toEqual([]);
    expect(world.deliveries.jobs.size).toBe(0);
  });

  it('shows no second check where the first had nothing started', async () => {
    const world = new World();
    world.setPull({ isDraft: true });
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    expect(await heard(world)).toEqual([]);
    expect(world.github.runs.size).toBe(1);
  });

  it('tells gate 1 who pushed', async () => {
    const world = new World();
    const trigger = requested(world, 'stranger');
    expect(await heard(world, trigger)).toMatchObject([{ state: 'awaiting-run-approval' }]);
  });

  it('feeds no loop: our own commit is refused as often as it was, and shown once', async () => {
    const world = new World();
    const fix = await storedTask(world, 'done', { cause: 'fix', task: { isAutomatic: true } });
    await world.store.steps.finish(fix.id, 'commit', newerSha);
    world.github.runs.clear();
    world.setPull({ headSha: newerSha });
    const { policy, digest } = world.policy;
    const loop = { ...policy.loop, rounds: 0 };
    world.policy = { digest, policy: { ...policy, loop } };
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    const shown = world.github.runs.size;
    const tasks = await heard(world, requested(world, 'contributor', newerSha));
    expect(tasks.map(({ id }) => id)).toEqual([fix.id]);
    expect([shown, world.github.runs.size]).toEqual([1, 1]);
  });
});
