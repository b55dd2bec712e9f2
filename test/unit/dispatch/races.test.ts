import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { isEnded, type Task, TaskState } from '../../../src/domain/task.ts';
import type { Trigger } from '../../../src/domain/trigger.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import { setBranch, storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { headSha, newerSha, number, repository, World } from '../../support/fakes/world.ts';

function all(world: World): Promise<readonly Task[]> {
  return world.store.tasks.ofPullRequest(repository.repositoryId, number, TaskState.options);
}

async function live(world: World): Promise<readonly Task[]> {
  return (await all(world)).filter((task) => !isEnded(task.state));
}

describe('two deliveries at once', () => {
  it('of one head in one millisecond leave exactly one review', async () => {
    const world = new World();
    const triggers = [world.pullRequest('opened'), world.pullRequest('ready_for_review')];
    await Promise.all(triggers.map((trigger) => handleTrigger(world.context, trigger)));
    expect(await all(world)).toHaveLength(2);
    expect(await live(world)).toHaveLength(1);
  });

  it('leave the review of the present head, also when the older one is planned last', async () => {
    const world = new World();
    const { permissions } = world.github;
    const ask = permissions.of.bind(permissions);
    permissions.of = async (...parts) => {
      permissions.of = ask;
      // While the old head is being planned, a push comes and is planned to the end.
      world.setPull({ headSha: newerSha });
      await handleTrigger(world.context, world.pullRequest('synchronize'));
      await world.clock.advance(5);
      return ask(...parts);
    };
    await handleTrigger(world.context, world.pullRequest('opened'));
    expect((await all(world)).map((task) => task.headSha).sort()).toEqual([headSha, newerSha]);
    expect((await live(world)).map((task) => task.headSha)).toEqual([newerSha]);
  });
});

describe('a delivery that is planned again', () => {
  it('ends nothing that came after it', async () => {
    const world = new World();
    const opened = world.pullRequest('opened');
    await handleTrigger(world.context, opened);
    await world.clock.advance(1_000);
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport review'));
    await world.clock.advance(1_000);
    await handleTrigger(world.context, opened);
    const [newest, oldest] = await all(world);
    expect([newest?.state, oldest?.state]).toEqual(['queued', 'superseded']);
  });

  it('shows nothing over the review that came after it, when it died before its own was shown', async () => {
    const world = new World();
    const opened = world.pullRequest('opened');
    world.github.faults.plan({ method: 'checkRuns.create', nth: 1, when: 'before' });
    await expect(handleTrigger(world.context, opened)).rejects.toThrow('planned');
    await world.clock.advance(1_000);
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport review'));
    await handleTrigger(world.context, opened);
    const [newest] = await all(world);
    const ids = [...world.github.runs.values()].map(({ externalId }) => externalId);
    expect([ids.length, ids.at(-1), newest?.state]).toEqual([2, newest?.id, 'queued']);
  });

  it('ends nothing in the name of a task that has ended itself', async () => {
    const world = new World();
    const earlier = await storedTask(world, 'queued', { kind: 'review' });
    await world.clock.advance(1_000);
    const again = world.comment('maintainer', '/sallyport review');
    world.store.faults.plan({ method: 'tasks.ofPullRequest', nth: 1, when: 'before' });
    await expect(handleTrigger(world.context, again)).rejects.toThrow('planned');
    const [planned] = await all(world);
    if (planned === undefined) throw new Error('nothing was planned');
    await world.store.tasks.transition(planned.id, ['queued'], 'failed', { reason: 'internal' });
    await handleTrigger(world.context, again);
    expect((await storedNow(world, earlier)).state).toBe('queued');
  });

  it.each([
    'tasks.insert',
    'tasks.transition',
    'steps.begin',
    'steps.finish',
    'tasks.patch',
  ] as const)('goes on where the process died: %s', async (method) => {
    for (const when of ['before', 'after'] as const) {
      const world = new World();
      await storedTask(world, 'queued', { kind: 'review', task: { headSha: newerSha } });
      await world.clock.advance(1_000);
      const runsBefore = world.github.runs.size;
      const trigger = world.pullRequest('opened');
      const error = new Error('planned');
      world.store.faults.plan({ method, nth: 1, when, error });
      await expect(handleTrigger(world.context, trigger)).rejects.toThrow('planned');
      await handleTrigger(world.context, trigger);
      expect((await live(world)).map((task) => task.headSha)).toEqual([headSha]);
      expect(world.github.runs.size).toBe(runsBefore + 1);
    }
  });
});

describe('a policy that reviews on other actions', () => {
  it('leaves the action alone, and still ends what a close ends', async () => {
    const world = new World();
    const { triggers } = rulesOf(world.policy.policy, 'review');
    world.setRules('review', { triggers: { ...triggers, events: ['opened'] } });
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    expect(await all(world)).toEqual([]);
    await handleTrigger(world.context, world.pullRequest('opened'));
    world.setPull({ state: 'closed' });
    await handleTrigger(world.context, world.pullRequest('closed'));
    expect((await all(world)).map((task) => task.state)).toEqual(['cancelled']);
  });
});

describe('what a push replaces', () => {
  it('is every live task of another head but the commit that is being made', async () => {
    const world = new World();
    const states = TaskState.options.filter((state) => !isEnded(state));
    const tasks: Task[] = [];
    for (const state of states) tasks.push(await storedTask(world, state, { cause: state }));
    await world.clock.advance(1_000);
    setBranch(world, { sha: newerSha });
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    for (const task of tasks) {
      const state = task.state === 'applying' ? 'applying' : 'superseded';
      expect(await storedNow(world, task)).toMatchObject({ state });
    }
  });

  it('is not the fix of the same head when a review is asked for, but an older fix is', async () => {
    const world = new World();
    const fix = await storedTask(world, 'awaiting-approval');
    await world.clock.advance(1_000);
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport review'));
    expect((await storedNow(world, fix)).state).toBe('awaiting-approval');
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport fix'));
    expect((await storedNow(world, fix)).state).toBe('superseded');
  });
});

describe('a pull request that is closed', () => {
  it('ends what lives, and lets the commit that is being made be refused by the gate', async () => {
    const world = new World();
    const waiting = await storedTask(world, 'awaiting-approval', { cause: 'waiting' });
    const applying = await storedTask(world, 'applying', { cause: 'applying' });
    world.setPull({ state: 'closed' });
    await handleTrigger(world.context, world.pullRequest('closed'));
    const reason = 'pull-request:closed';
    expect(await storedNow(world, waiting)).toMatchObject({ state: 'cancelled', reason });
    expect((await storedNow(world, applying)).state).toBe('applying');
  });

  it.each(['/sallyport review', '/sallyport fix'])('takes no %s', async (body) => {
    const world = new World();
    world.setPull({ state: 'closed' });
    await handleTrigger(world.context, world.comment('maintainer', body));
    expect(await all(world)).toEqual([]);
    expect(world.github.comments.at(-1)?.body).toContain('is closed');
  });

  it('takes no approval', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    world.setPull({ state: 'closed' });
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport approve'));
    expect((await storedNow(world, task)).state).toBe('awaiting-approval');
    expect(world.github.comments.at(-1)?.body).toContain('closed');
  });

  it('is not run again by its button', async () => {
    const world = new World();
    const task = await storedTask(world, 'failed');
    world.setPull({ state: 'closed' });
    await handleTrigger(world.context, { ...click(world, task), type: 'check-rerequested' });
    expect(await live(world)).toEqual([]);
  });
});

function click(world: World, task: Task) {
  const { checkRunId } = task;
  if (checkRunId === null) throw new Error('the task has no check run');
  const sender = world.person('maintainer');
  const deliveryId = world.nextDelivery();
  const externalId: string = task.id;
  return { deliveryId, repository, sender, receivedAtMs: 0, checkRunId, externalId, headSha };
}

function press(world: World, task: Task, identifier: string): Promise<void> {
  const trigger: Trigger = { ...click(world, task), type: 'check-action', identifier };
  return handleTrigger(world.context, trigger);
}

describe('a button', () => {
  it.each([
    ['apply', 'awaiting-approval', 'applying'],
    ['reject', 'awaiting-approval', 'cancelled'],
    ['approve-run', 'awaiting-run-approval', 'queued'],
    ['reject', 'awaiting-run-approval', 'cancelled'],
    ['approve-run', 'awaiting-approval', 'awaiting-approval'],
    ['apply', 'awaiting-run-approval', 'awaiting-run-approval'],
    ['merge', 'awaiting-approval', 'awaiting-approval'],
    ['__proto__', 'awaiting-approval', 'awaiting-approval'],
  ] as const)('decides at its own gate alone: %s on %s', async (identifier, from, to) => {
    const world = new World();
    const task = await storedTask(world, from);
    await press(world, task, identifier);
    expect((await storedNow(world, task)).state).toBe(to);
  });

  it('pressed twice decides once, and answers nobody twice', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    await press(world, task, 'apply');
    await press(world, task, 'apply');
    expect(world.github.comments).toEqual([]);
    expect(world.ledger.types().filter((type) => type.startsWith('gate.'))).toHaveLength(1);
  });

  it('pressed by somebody who may not is refused in the conversation', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    world.setRole('maintainer', 'read');
    await press(world, task, 'apply');
    expect(world.github.comments.at(-1)?.body).toContain('permission or more');
  });
});

describe('an approval by comment', () => {
  async function both(world: World) {
    const run = await storedTask(world, 'awaiting-run-approval', { kind: 'review', cause: 'run' });
    const patch = await storedTask(world, 'awaiting-approval', { cause: 'patch' });
    const states = async () => [
      (await storedNow(world, run)).state,
      (await storedNow(world, patch)).state,
    ];
    return { run, patch, states };
  }

  it.each(['', headSha.slice(0, 12)])(
    'that fits a run and a patch decides nothing: %j',
    async (target) => {
      const world = new World();
      const { states } = await both(world);
      await handleTrigger(
        world.context,
        world.comment('maintainer', `/sallyport approve ${target}`),
      );
      expect(await states()).toEqual(['awaiting-run-approval', 'awaiting-approval']);
      expect(world.github.comments.at(-1)?.body).toContain('say which');
    },
  );

  it('decides on the one that it names', async () => {
    const world = new World();
    const { run, states } = await both(world);
    await handleTrigger(world.context, world.comment('maintainer', `/sallyport approve ${run.id}`));
    expect(await states()).toEqual(['queued', 'awaiting-approval']);
  });

  it('is not needed to reject: the patch goes first', async () => {
    const world = new World();
    const { states } = await both(world);
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport reject not now'));
    expect(await states()).toEqual(['awaiting-run-approval', 'cancelled']);
  });

  it('that names something else decides nothing', async () => {
    const world = new World();
    const { states } = await both(world);
    const body = `/sallyport approve ${newerSha}`;
    await handleTrigger(world.context, world.comment('maintainer', body));
    expect(await states()).toEqual(['awaiting-run-approval', 'awaiting-approval']);
    expect(world.github.comments.at(-1)?.body).toContain('Nothing that waits here is called so.');
  });

  it.each(['stranger', 'reader'])('of %s is refused', async (login) => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    await handleTrigger(world.context, world.comment(login, '/sallyport approve'));
    expect((await storedNow(world, task)).state).toBe('awaiting-approval');
    expect(world.github.reactions.at(-1)?.content).toBe('confused');
  });
});

describe('commands elsewhere', () => {
  it('answer a call for help, once', async () => {
    const world = new World();
    const comment = world.comment('stranger', '/sallyport help');
    await handleTrigger(world.context, comment);
    await handleTrigger(world.context, comment);
    expect(world.github.comments).toHaveLength(1);
    expect(world.github.comments[0]?.body).toContain('/sallyport help');
  });
});
