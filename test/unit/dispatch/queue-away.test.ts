import { describe, expect, it } from 'vitest';
import { enqueuePublish, enqueueRun } from '../../../src/dispatch/context.ts';
import { SallyportError } from '../../../src/errors.ts';
import { storedTask } from '../../support/fakes/fix-scene.ts';
import { World } from '../../support/fakes/world.ts';
import { RunnerScene } from './runner-scene.ts';

/** Makes every add fail until `failures` of them have. */
function away(
  queue: { add: (...parts: never[]) => Promise<void> },
  failures: number,
  error: Error,
) {
  const add = queue.add.bind(queue);
  const seen = { adds: 0 };
  queue.add = (...parts) => {
    seen.adds += 1;
    return seen.adds > failures ? add(...parts) : Promise.reject(error);
  };
  return seen;
}

const down = () => new SallyportError('queue.unavailable', 'planned');

describe('a task that has moved while Redis was away', () => {
  it('is published as soon as Redis is back, without waiting for reconcile', async () => {
    const scene = new RunnerScene();
    const { world } = scene;
    const task = await scene.queued();
    const seen = away(world.publish, 3, down());
    const over = new AbortController();
    const running = scene.run(task).finally(() => over.abort());
    while (!over.signal.aborted) await world.clock.advance(1_000);
    await running;
    expect(seen.adds).toBe(4);
    expect([...world.publish.jobs.keys()]).toEqual([`${task.id}-1-publishing`]);
  });

  it.each([
    ['run', 'tasks', enqueueRun],
    ['publishing', 'publish', enqueuePublish],
  ] as const)('is left to reconcile in the end: %s', async (_what, name, enqueue) => {
    const world = new World();
    const task = await storedTask(world, 'queued');
    const seen = away(world[name], 1_000, down());
    const adding = enqueue(world.context, task).catch((error: unknown) => error);
    await world.clock.advance(9_000);
    expect(await adding).toMatchObject({ code: 'queue.unavailable' });
    expect(seen.adds).toBe(10);
  });

  it('is not asked for again after a fault that will not pass', async () => {
    const world = new World();
    const task = await storedTask(world, 'queued');
    const seen = away(world.tasks, 1_000, new TypeError('planned'));
    await expect(enqueueRun(world.context, task)).rejects.toThrow('planned');
    expect(seen.adds).toBe(1);
  });
});
