import { describe, expect, it } from 'vitest';
import { reconcile, recoverRunner } from '../../../src/dispatch/recover.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { TaskState } from '../../../src/domain/task.ts';
import { SallyportError } from '../../../src/errors.ts';
import { storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { World } from '../../support/fakes/world.ts';
import { RunnerScene } from './runner-scene.ts';

const minuteMs = 60_000;

describe('a runner that starts again', () => {
  it('removes its own containers and gives its own tasks their next attempt, and no others', async () => {
    const scene = new RunnerScene();
    const { world, sandbox } = scene;
    const held = { runnerId: 'runner-1' };
    const mine = await storedTask(world, 'running', { cause: 'mine', task: held });
    const fetching = await storedTask(world, 'preparing', { cause: 'fetching', task: held });
    const last = await storedTask(world, 'collecting', {
      cause: 'last',
      task: { ...held, attempt: 2 },
    });
    const theirs = await storedTask(world, 'running', {
      cause: 'theirs',
      task: { runnerId: 'runner-2' },
    });
    sandbox.leftovers.push({ ownerId: 'runner-1', taskId: mine.id });
    sandbox.leftovers.push({ ownerId: 'runner-2', taskId: theirs.id });
    await recoverRunner(world.context, scene.runner);
    expect(sandbox.leftovers).toEqual([{ ownerId: 'runner-2', taskId: theirs.id }]);
    for (const task of [mine, fetching])
      expect(await scene.now(task)).toMatchObject({ state: 'queued', attempt: 2, runnerId: null });
    const reason = 'runner:restarted';
    expect(await scene.now(last)).toMatchObject({ state: 'failed', reason });
    expect(await scene.now(theirs)).toEqual(theirs);
    expect([...world.tasks.jobs.keys()].sort()).toEqual(
      [`${mine.id}-2`, `${fetching.id}-2`].sort(),
    );
    expect(scene.types(mine)).toEqual(['sandbox.reaped', 'task.requeued']);
  });

  it('gives its tasks their next attempt also while the engine is away', async () => {
    const scene = new RunnerScene();
    const error = new SallyportError('engine.unavailable', 'planned');
    scene.sandbox.faults.plan({ method: 'removeOwned', nth: 1, when: 'before', error });
    const task = await storedTask(scene.world, 'running', { task: { runnerId: 'runner-1' } });
    await recoverRunner(scene.world.context, scene.runner);
    expect(await scene.now(task)).toMatchObject({ state: 'queued', attempt: 2 });
  });
});

describe('reconciling', () => {
  it.each(TaskState.options)(
    'brings back the job of a task that is %s, after every job was lost',
    async (state) => {
      const world = new World();
      const task = await storedTask(world, state);
      await reconcile(world.context);
      const isHeld = ['preparing', 'running', 'collecting'].includes(state);
      const runs = state === 'queued' ? [`${task.id}-1`] : [];
      const shows = isHeld || state === 'queued' ? [] : [`${task.id}-1-${state}`];
      expect([...world.tasks.jobs.keys()]).toEqual(runs);
      expect([...world.publish.jobs.keys()]).toEqual(shows);
    },
  );

  it.each(['publishing', 'awaiting-approval', 'awaiting-run-approval', 'failed'] as const)(
    'gets a task that is %s shown, and then has nothing more to do',
    async (state) => {
      const world = new World();
      const task = await storedTask(world, state);
      await reconcile(world.context);
      for (const { taskId } of world.publish.jobs.values()) await settleTask(world.context, taskId);
      expect((await storedNow(world, task)).checkConcluded).toBe(true);
      world.publish.jobs.clear();
      await reconcile(world.context);
      expect(world.publish.jobs.size).toBe(0);
    },
  );

  it('gives a task whose runner is silent for too long to another, once, and then fails it', async () => {
    const world = new World();
    const task = await storedTask(world, 'running', { task: { runnerId: 'gone' } });
    const { wallClockMs } = world.policy.policy.limits;
    await world.clock.advance(wallClockMs + 15 * minuteMs);
    await reconcile(world.context);
    expect((await storedNow(world, task)).state).toBe('running');
    await world.clock.advance(1);
    await reconcile(world.context);
    expect(await storedNow(world, task)).toMatchObject({ state: 'queued', attempt: 2 });
    await world.store.tasks.transition(task.id, ['queued'], 'preparing', { runnerId: 'gone' });
    await world.clock.advance(wallClockMs + 15 * minuteMs + 1);
    await reconcile(world.context);
    expect(await storedNow(world, task)).toMatchObject({ state: 'failed', reason: 'runner:lost' });
  });

  it('queues a run again whose job has failed for good, under another id', async () => {
    const world = new World();
    const task = await storedTask(world, 'queued');
    await reconcile(world.context);
    await world.clock.advance(minuteMs);
    await reconcile(world.context);
    expect(world.tasks.jobs.size).toBe(1);
    world.tasks.over.add(`${task.id}-1`);
    await world.clock.advance(15 * minuteMs);
    await reconcile(world.context);
    await reconcile(world.context);
    expect([...world.tasks.jobs.values()]).toEqual([
      { taskId: task.id, attempt: 1 },
      { taskId: task.id, attempt: 1 },
    ]);
    world.tasks.over.add(`${task.id}-1-1`);
    await reconcile(world.context);
    expect([...world.tasks.jobs.keys()].at(-1)).toBe(`${task.id}-1-2`);
  });

  it('adds no run beside one that was put off, however long that is', async () => {
    const world = new World();
    const task = await storedTask(world, 'queued');
    await reconcile(world.context);
    for (let hour = 0; hour < 12; hour += 1) {
      await world.clock.advance(60 * minuteMs);
      await reconcile(world.context);
    }
    expect([...world.tasks.jobs.keys()]).toEqual([`${task.id}-1`]);
  });

  it('adds no publishing beside one that is put back, and one for what has failed for good', async () => {
    const world = new World();
    const task = await storedTask(world, 'publishing');
    await reconcile(world.context);
    const [first = ''] = world.publish.jobs.keys();
    for (let quarter = 0; quarter < 8; quarter += 1) {
      await world.clock.advance(15 * minuteMs);
      await reconcile(world.context);
    }
    expect([...world.publish.jobs.keys()]).toEqual([first]);
    world.publish.over.add(first);
    await reconcile(world.context);
    await world.clock.advance(60 * minuteMs);
    await reconcile(world.context);
    const [, second = '', ...more] = world.publish.jobs.keys();
    expect(more).toEqual([]);
    world.publish.over.add(second);
    await reconcile(world.context);
    const taskId = task.id;
    expect([...world.publish.jobs.values()]).toEqual([{ taskId }, { taskId }, { taskId }]);
  });

  it('does not end a task that went on between two looks', async () => {
    const world = new World();
    const task = await storedTask(world, 'running', { task: { runnerId: 'slow' } });
    await world.clock.advance(world.policy.policy.limits.wallClockMs + 16 * minuteMs);
    const { tasks } = world.store;
    const inStates = tasks.inStates.bind(tasks);
    tasks.inStates = async (...parts) => {
      const found = await inStates(...parts);
      if (parts[0].includes('running')) {
        await tasks.transition(task.id, ['running'], 'collecting');
        await tasks.transition(task.id, ['collecting'], 'publishing', { runnerId: null });
      }
      return found;
    };
    await reconcile(world.context);
    expect(await storedNow(world, task)).toMatchObject({ state: 'publishing', attempt: 1 });
    expect(world.ledger.types()).toEqual([]);
  });
});
