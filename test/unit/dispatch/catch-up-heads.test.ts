import { describe, expect, it } from 'vitest';
import { catchUpHeads } from '../../../src/dispatch/catch-up-heads.ts';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { TaskId } from '../../../src/domain/ids.ts';
import { type Task, TaskState } from '../../../src/domain/task.ts';
import { SallyportError } from '../../../src/errors.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import { setBranch, storedTask } from '../../support/fakes/fix-scene.ts';
import { headSha, newerSha, number, repository, World } from '../../support/fakes/world.ts';

const never = TaskId.parse(`t${'0'.repeat(24)}`);
const minuteMs = 60_000;

/** A world in which there was work in the repository, on a head that is not the present one. */
async function known(): Promise<World> {
  const world = new World();
  await world.tellPusher();
  await storedTask(world, 'done', {
    kind: 'review',
    cause: 'before',
    task: { headSha: newerSha, checkConcluded: true },
  });
  await world.clock.advance(1_000);
  return world;
}

/** Puts another task like `review` into the policy. */
function addTask(world: World, name: string, change: Partial<EffectiveTask['triggers']>): void {
  const { policy, digest } = world.policy;
  const review = rulesOf(policy, 'review');
  const task = { ...review, triggers: { ...review.triggers, ...change } };
  world.policy = { digest, policy: { ...policy, tasks: { ...policy.tasks, [name]: task } } };
}

/** Looks, and plans what was found. */
async function look(world: World): Promise<readonly Task[]> {
  await catchUpHeads(world.context);
  for (const trigger of world.deliveries.jobs.values()) await handleTrigger(world.context, trigger);
  return world.store.tasks.ofPullRequest(repository.repositoryId, number, ['queued']);
}

const missed = (world: World) => world.ledger.types().filter((type) => type === 'head.missed');

describe('an open pull request whose head nothing has concluded', () => {
  it('is planned as if it had been opened, once', async () => {
    const world = await known();
    expect(await look(world)).toMatchObject([
      { kind: 'review', headSha, requestedBy: { login: 'contributor' } },
    ]);
    expect(await look(world)).toHaveLength(1);
    expect(world.deliveries.jobs.size).toBe(1);
    expect(missed(world)).toHaveLength(1);
  });

  it('is looked for no more where its task is one of triage now', async () => {
    const world = await known();
    world.setRules('review', { purpose: 'triage' });
    expect(await look(world)).toEqual([]);
    expect(missed(world)).toEqual([]);
  });

  it('is planned again when its job failed for good, and then no more', async () => {
    const world = await known();
    await catchUpHeads(world.context);
    await catchUpHeads(world.context);
    expect(world.deliveries.jobs.size).toBe(1);
    for (const id of world.deliveries.jobs.keys()) world.deliveries.over.add(id);
    await catchUpHeads(world.context);
    const [first, second] = [...world.deliveries.jobs.values()];
    expect(second).toEqual(first);
    expect(await look(world)).toHaveLength(1);
    for (const id of world.deliveries.jobs.keys()) world.deliveries.over.add(id);
    await world.store.tasks.patch((await look(world))[0]?.id ?? never, { checkConcluded: true });
    await look(world);
    expect(world.deliveries.jobs.size).toBe(2);
    expect(world.github.runs.size).toBe(2);
  });

  it('is planned when its job was done on another head, and it came back', async () => {
    const world = await known();
    await catchUpHeads(world.context);
    world.setPull({ headSha: newerSha });
    for (const [id, trigger] of world.deliveries.jobs) {
      await handleTrigger(world.context, trigger);
      world.deliveries.over.add(id);
    }
    world.setPull({ headSha });
    expect((await look(world)).map((task) => task.headSha)).toContain(headSha);
  });

  it('has the checks that it lacks, each by its name, and those that it has once', async () => {
    const world = await known();
    addTask(world, 'lint', {});
    await storedTask(world, 'done', { kind: 'review', task: { checkConcluded: true } });
    expect(await look(world)).toMatchObject([{ name: 'lint', headSha }]);
    expect(await look(world)).toHaveLength(1);
  });

  it('lacks its review after another task that was asked for', async () => {
    const world = await known();
    addTask(world, 'lint', { events: [] });
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport run lint'));
    await look(world);
    const tasks = await world.store.tasks.ofPullRequest(7, number, ['queued']);
    expect(tasks.map(({ name }) => name).sort()).toEqual(['lint', 'review']);
  });

  it('that is skipped is shown as that once, however it was found', async () => {
    const world = await known();
    world.setPull({ isDraft: true });
    await handleTrigger(world.context, world.pullRequest('opened'));
    const before = [...world.github.runs.keys()];
    await look(world);
    await look(world);
    expect([...world.github.runs.keys()]).toEqual(before);
  });

  it('waits at gate 1 like any other where its author may not run', async () => {
    const world = await known();
    world.setRole('contributor', 'read');
    await look(world);
    const waiting = ['awaiting-run-approval'] as const;
    const all = await world.store.tasks.ofPullRequest(7, number, waiting);
    expect(all).toHaveLength(1);
  });

  it.each(TaskState.options.filter((state) => state !== 'superseded'))(
    'is left alone when its review is %s',
    async (state) => {
      const world = await known();
      await storedTask(world, state, { kind: 'review' });
      await catchUpHeads(world.context);
      expect(missed(world)).toEqual([]);
    },
  );

  it.each([
    ['superseded', 'head:moved'],
    ['cancelled', 'pull-request:closed'],
    ['cancelled', 'installation:suspended'],
    ['cancelled', 'repository:removed'],
  ] as const)('is planned when the newest review of it was %s by %s', async (state, reason) => {
    const world = await known();
    // An older success does not help: GitHub shows the newest check.
    await storedTask(world, 'done', { kind: 'review', cause: 'older' });
    await world.clock.advance(1_000);
    await storedTask(world, state, { kind: 'review', task: { reason } });
    await world.clock.advance(1_000);
    expect(await look(world)).toHaveLength(1);
    expect(await look(world)).toHaveLength(1);
  });

  it.each(['command:cancelled by mona', 'gate:run:rejected'])(
    'is left alone when a person ended its review: %s',
    async (reason) => {
      const world = await known();
      await storedTask(world, 'cancelled', { kind: 'review', task: { reason } });
      expect(await look(world)).toEqual([]);
    },
  );

  it.each([
    ['cancelled', 'command:cancelled by mona'],
    ['cancelled', 'gate:run:rejected'],
    ['failed', 'agent:exit'],
    ['timed-out', 'limit:wall-clock'],
  ] as const)(
    'has nothing repeated that was %s by %s, also where another task is missing',
    async (state, reason) => {
      const world = await known();
      addTask(world, 'lint', {});
      await storedTask(world, state, { kind: 'review', task: { reason } });
      expect(await look(world)).toMatchObject([{ name: 'lint', headSha }]);
    },
  );

  it('is not the business of a fix of the same head', async () => {
    const world = await known();
    await storedTask(world, 'done', { kind: 'fix' });
    expect(await look(world)).toHaveLength(1);
  });

  it('is looked at when its own delivery had time to come', async () => {
    const world = await known();
    world.github.updatedAtMs = world.clock.nowMs();
    await world.clock.advance(2 * minuteMs - 1);
    expect(await look(world)).toEqual([]);
    await world.clock.advance(1);
    expect(await look(world)).toHaveLength(1);
  });

  it('is not reviewed where somebody has paused it, or where it is a draft that policy leaves', async () => {
    for (const isDraft of [true, false]) {
      const world = await known();
      world.setPull({ isDraft });
      const key = { repositoryId: repository.repositoryId, number };
      await world.store.pauses.set({ ...key, isPaused: !isDraft, atMs: 1 });
      expect(await look(world)).toEqual([]);
    }
  });

  it('is reviewed when the pause is over, also where that came to nothing then', async () => {
    const world = await known();
    const key = { repositoryId: repository.repositoryId, number };
    await world.store.pauses.set({ ...key, isPaused: true, atMs: 1 });
    expect(await look(world)).toEqual([]);
    await world.store.pauses.set({ ...key, isPaused: false, atMs: 2 });
    expect(await look(world)).toHaveLength(1);
  });

  it('is planned when it is no draft any more, also where that was never told', async () => {
    const world = await known();
    world.setPull({ isDraft: true });
    expect(await look(world)).toEqual([]);
    world.setPull({ isDraft: false });
    expect(await look(world)).toHaveLength(1);
  });

  it('that comes back to a head that was left is planned again', async () => {
    const world = await known();
    await handleTrigger(world.context, world.pullRequest('opened'));
    await world.clock.advance(1_000);
    setBranch(world, { sha: newerSha });
    await handleTrigger(world.context, world.comment('maintainer', '/sallyport review'));
    await world.clock.advance(1_000);
    setBranch(world, { sha: headSha });
    expect((await look(world)).map((task) => task.headSha)).toContain(headSha);
  });
});

describe('a check run that is open although its task says more', () => {
  async function openRun(state: 'failed' | 'awaiting-approval' | 'running') {
    const world = await known();
    await storedTask(world, 'failed', {
      kind: 'review',
      cause: 'review',
      task: { checkConcluded: true },
    });
    const task = await storedTask(world, state, { task: { checkConcluded: true } });
    await catchUpHeads(world.context);
    for (const { taskId } of world.publish.jobs.values()) await settleTask(world.context, taskId);
    return world.github.runs.get(task.checkRunId ?? 0)?.state.status;
  }

  it.each([
    ['failed', 'completed'],
    ['awaiting-approval', 'completed'],
    ['running', 'queued'],
  ] as const)('is written again when the task is %s', async (state, status) => {
    expect(await openRun(state)).toBe(status);
  });

  it('is not looked for beyond what one pass may ask', async () => {
    const world = await known();
    const { pulls } = world.github;
    const pull = pulls.get(`7#${number}`);
    if (pull === undefined) throw new Error('no pull request');
    for (let other = 100; other < 180; other += 1) {
      pulls.set(`7#${other}`, { ...pull, number: other });
      await storedTask(world, 'done', {
        kind: 'review',
        cause: `of-${other}`,
        task: { pullRequest: other, checkConcluded: true },
      });
    }
    world.github.runs.clear();
    await catchUpHeads(world.context);
    expect(world.github.faults.count('checkRuns.list')).toBe(50);
  });
});

describe('a repository that does not answer', () => {
  it.each(['github.forbidden', 'github.not-found', 'github.unavailable'] as const)(
    'holds up no other: %s',
    async (code) => {
      const world = await known();
      const elsewhere = { ...repository, repositoryId: 99, name: 'gone' };
      await storedTask(world, 'done', { cause: 'elsewhere', task: { repository: elsewhere } });
      const error = new SallyportError(code, 'planned');
      world.github.faults.plan({ method: 'pullRequests.listOpen', nth: 1, when: 'before', error });
      expect(await look(world)).toHaveLength(1);
    },
  );

  it('does not hide a database that is away', async () => {
    const world = await known();
    const error = new SallyportError('store.unavailable', 'planned');
    world.store.faults.plan({ method: 'tasks.ofPullRequest', nth: 1, when: 'before', error });
    await expect(catchUpHeads(world.context)).rejects.toThrow('planned');
  });
});
