import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import type { Task } from '../../../src/domain/task.ts';
import { TaskState } from '../../../src/domain/task.ts';
import { headSha, newerSha, number, repository, World } from '../../support/fakes/world.ts';

async function tasksOf(world: World): Promise<readonly Task[]> {
  return world.store.tasks.ofPullRequest(repository.repositoryId, number, TaskState.options);
}

describe('pull requests', () => {
  it('plans a review: a task, a queued check that names it, a job, a ledger that says so', async () => {
    const world = new World();
    await handleTrigger(world.context, world.pullRequest('opened'));
    const [task] = await tasksOf(world);
    expect(task).toMatchObject({ kind: 'review', state: 'queued', headSha });
    expect([...world.github.runs.values()]).toEqual([
      expect.objectContaining({ externalId: task?.id, headSha, name: 'sallyport' }),
    ]);
    expect([...world.tasks.jobs.keys()]).toEqual([`${task?.id}-1`]);
    expect(world.ledger.types()).toEqual(['delivery.taken', 'task.planned', 'check.created']);
  });

  it('plans the same delivery twice without making anything twice', async () => {
    const world = new World();
    const trigger = world.pullRequest('opened');
    await handleTrigger(world.context, trigger);
    await handleTrigger(world.context, trigger);
    expect(await tasksOf(world)).toHaveLength(1);
    expect(world.github.runs.size).toBe(1);
    expect(world.tasks.jobs.size).toBe(1);
  });

  it.each(['before', 'after'] as const)(
    'makes one check run when GitHub fails %s the effect and the delivery is tried again',
    async (when) => {
      const world = new World();
      world.github.faults.plan({ method: 'checkRuns.create', nth: 1, when });
      const trigger = world.pullRequest('opened');
      await expect(handleTrigger(world.context, trigger)).rejects.toThrow('planned');
      await handleTrigger(world.context, trigger);
      expect(world.github.runs.size).toBe(1);
      expect(world.tasks.jobs.size).toBe(1);
    },
  );

  it('reviews one head once, whatever else GitHub sends', async () => {
    const world = new World();
    await handleTrigger(world.context, world.pullRequest('opened'));
    await handleTrigger(world.context, world.pullRequest('reopened'));
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    expect(await tasksOf(world)).toHaveLength(1);
  });

  it('supersedes the task of an older head', async () => {
    const world = new World();
    await handleTrigger(world.context, world.pullRequest('opened'));
    await world.clock.advance(1_000);
    world.setPull({ headSha: newerSha });
    await handleTrigger(world.context, world.pullRequest('synchronize'));
    const [newer, older] = await tasksOf(world);
    expect(newer).toMatchObject({ state: 'queued', headSha: newerSha });
    expect(older).toMatchObject({ state: 'superseded', headSha, checkConcluded: false });
    expect([...world.publish.jobs.keys()]).toEqual([`${older?.id}-1-superseded`]);
  });

  it('asks GitHub for the head, and does not believe an old payload', async () => {
    const world = new World();
    world.setPull({ headSha: newerSha });
    await handleTrigger(world.context, world.pullRequest('opened'));
    expect((await tasksOf(world)).map((task) => task.headSha)).toEqual([newerSha]);
  });

  it.each([
    ['a draft', { isDraft: true }],
    ['a closed one', { state: 'closed' as const }],
  ])('does not review %s', async (_what, change) => {
    const world = new World();
    world.setPull(change);
    await handleTrigger(world.context, world.pullRequest('opened'));
    expect(await tasksOf(world)).toEqual([]);
  });

  it.each([
    ['a fork', { isFork: true }, 'contributor'],
    ['an author who may only read', {}, 'reader'],
    ['an author nobody knows', {}, 'stranger'],
  ])('holds %s at gate 1', async (_what, change, authorLogin) => {
    const world = new World();
    world.setPull({ ...change, authorLogin });
    await handleTrigger(world.context, world.pullRequest('opened'));
    expect((await tasksOf(world)).map((task) => task.state)).toEqual(['awaiting-run-approval']);
    expect(world.tasks.jobs.size).toBe(0);
    expect(world.publish.jobs.size).toBe(1);
  });

  it('cancels what is live when the pull request is closed', async () => {
    const world = new World();
    await handleTrigger(world.context, world.pullRequest('opened'));
    world.setPull({ state: 'closed' });
    await handleTrigger(world.context, world.pullRequest('closed'));
    expect((await tasksOf(world)).map((task) => task.state)).toEqual(['cancelled']);
  });

  it('cancels nothing on a late "closed" for one that is open again', async () => {
    const world = new World();
    await handleTrigger(world.context, world.pullRequest('opened'));
    await handleTrigger(world.context, world.pullRequest('closed'));
    expect((await tasksOf(world)).map((task) => task.state)).toEqual(['queued']);
  });
});

describe('comments', () => {
  it('starts a fix for somebody who may, acknowledges it, and gives it a check of its own name', async () => {
    const world = new World();
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport fix only typos'));
    expect(await tasksOf(world)).toEqual([
      expect.objectContaining({ kind: 'fix', state: 'queued', instructions: 'only typos' }),
    ]);
    expect(world.github.reactions).toEqual([{ commentId: 501, content: 'eyes' }]);
    expect([...world.github.runs.values()].map((run) => run.name)).toEqual(['sallyport fix']);
  });

  it.each(['stranger', 'reader'])('refuses %s, once, and says who may', async (login) => {
    const world = new World();
    const trigger = world.comment(login, '/sallyport fix');
    await handleTrigger(world.context, trigger);
    await handleTrigger(world.context, trigger);
    expect(await tasksOf(world)).toEqual([]);
    expect(world.github.comments).toHaveLength(1);
    expect(world.github.comments[0]?.body).toContain('`write` permission or more');
    expect(world.ledger.types()).toContain('command.refused');
  });

  it.each(['before', 'after'] as const)(
    'replies once when GitHub fails %s the effect',
    async (when) => {
      const world = new World();
      world.github.faults.plan({ method: 'conversations.comment', nth: 1, when });
      const trigger = world.comment('stranger', '/sallyport fix');
      await expect(handleTrigger(world.context, trigger)).rejects.toThrow('planned');
      await handleTrigger(world.context, trigger);
      expect(world.github.comments).toHaveLength(1);
    },
  );

  it.each([
    ['a bot', 'maintainer', 'Bot'],
    ['its own voice', 'sallyport[bot]', 'Bot'],
  ] as const)('takes no command from %s', async (_who, login, type) => {
    const world = new World();
    await handleTrigger(world.context, world.comment(login, '/sallyport fix', type));
    expect(await tasksOf(world)).toEqual([]);
    expect(world.github.comments).toEqual([]);
  });

  it('takes a comment once, also when it comes again under another delivery id', async () => {
    const world = new World();
    const trigger = world.comment('maintainer', '/sallyport fix');
    await handleTrigger(world.context, trigger);
    await handleTrigger(world.context, { ...trigger, deliveryId: world.nextDelivery() });
    expect(await tasksOf(world)).toHaveLength(1);
  });

  it('answers a mistyped command with the list', async () => {
    const world = new World();
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport fxi'));
    expect(world.github.comments[0]?.body).toContain('/sallyport fix');
    expect(await tasksOf(world)).toEqual([]);
  });

  it('says so when nothing waits for an approval', async () => {
    const world = new World();
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport approve'));
    expect(world.github.comments[0]?.body).toContain('Nothing is waiting');
  });

  it('lets a held run start on approval, and not on a stranger’s word', async () => {
    const world = new World();
    world.setPull({ isFork: true });
    await handleTrigger(world.context, world.pullRequest('opened'));
    await handleTrigger(world.context, world.comment('stranger', '/sallyport approve'));
    expect((await tasksOf(world))[0]?.state).toBe('awaiting-run-approval');
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport approve'));
    expect((await tasksOf(world))[0]?.state).toBe('awaiting-run-approval');
    expect(world.github.comments.at(-1)?.body).toContain('Name the commit');
    const named = `/sallyport approve ${headSha.slice(0, 12)}`;
    await handleTrigger(world.context, world.comment('maintainer', named));
    expect((await tasksOf(world))[0]?.state).toBe('queued');
    expect(world.tasks.jobs.size).toBe(1);
  });
});

describe('check runs', () => {
  async function reviewed(world: World) {
    await handleTrigger(world.context, world.pullRequest('opened'));
    const [task] = await tasksOf(world);
    if (task === undefined) throw new Error('no task was planned');
    await world.store.tasks.transition(task.id, ['queued'], 'failed');
    return task;
  }

  function about(world: World, task: Task, login: string) {
    return {
      deliveryId: world.nextDelivery(),
      repository,
      sender: world.person(login),
      receivedAtMs: 0,
      checkRunId: task.checkRunId ?? 101,
      externalId: task.id,
      headSha,
    };
  }

  it('runs again on re-run by somebody who may', async () => {
    const world = new World();
    const task = await reviewed(world);
    await handleTrigger(world.context, {
      ...about(world, task, 'maintainer'),
      type: 'check-rerequested',
    });
    expect((await tasksOf(world)).map((one) => one.state).sort()).toEqual(['failed', 'queued']);
  });

  it('holds what an outsider has pushed since when an older check is run again', async () => {
    const world = new World();
    const task = await reviewed(world);
    world.setPull({ isFork: true, headSha: newerSha });
    const trigger = about(world, task, 'maintainer');
    await handleTrigger(world.context, { ...trigger, type: 'check-rerequested' });
    expect((await tasksOf(world)).map((one) => one.state).sort()).toEqual([
      'awaiting-run-approval',
      'failed',
    ]);
  });

  it.each([
    ['a stranger', 'stranger', {}],
    ['another repository', 'maintainer', { repository: { ...repository, repositoryId: 8 } }],
    ['another check run', 'maintainer', { checkRunId: 999 }],
    ['an id that is none', 'maintainer', { externalId: '../../x' }],
    ['an id of no task', 'maintainer', { externalId: `t${'0'.repeat(24)}` }],
  ])('runs nothing for %s', async (_who, login, change) => {
    const world = new World();
    const task = await reviewed(world);
    const trigger = { ...about(world, task, login), ...change, type: 'check-rerequested' as const };
    await handleTrigger(world.context, trigger);
    expect(await tasksOf(world)).toHaveLength(1);
  });

  it('ignores a button that it never showed', async () => {
    const world = new World();
    const task = await reviewed(world);
    await handleTrigger(world.context, {
      ...about(world, task, 'maintainer'),
      type: 'check-action',
      identifier: 'rm -rf',
    });
    expect(world.ledger.types()).not.toContain('gate.write.approved');
  });
});
