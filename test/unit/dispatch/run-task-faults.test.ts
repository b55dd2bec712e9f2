import { describe, expect, it } from 'vitest';
import { type ErrorCode, SallyportError } from '../../../src/errors.ts';
import { answers } from '../../support/fakes/fake-sandbox.ts';
import { waitFor } from '../../support/wait-for.ts';
import { RunnerScene } from './runner-scene.ts';

describe('a fault of the engine, of git, or of our own', () => {
  const fault = (code: ErrorCode) => ({
    nth: 1,
    when: 'before' as const,
    error: new SallyportError(code, 'planned'),
  });

  it.each([
    ['start', 'engine.unavailable'],
    ['start', 'engine.failed'],
    ['snapshot', 'git.failed'],
  ] as const)('is tried once more, and once only: %s, %s', async (method, code) => {
    const scene = new RunnerScene();
    const { faults } = method === 'start' ? scene.sandbox : scene.source;
    faults.plan({ method, ...fault(code) });
    const task = await scene.queued();
    await scene.run(task);
    expect(await scene.now(task)).toMatchObject({ state: 'queued', attempt: 2, runnerId: null });
    expect([...scene.world.tasks.jobs.keys()]).toEqual([`${task.id}-2`]);
    faults.plan({ method, ...fault(code) });
    await scene.run(task, 2);
    expect(await scene.now(task)).toMatchObject({ state: 'failed', reason: code });
    expect([...scene.world.publish.jobs.keys()]).toEqual([`${task.id}-2-failed`]);
  });

  it('is no attempt where GitHub says when to come again: the job goes back, however often', async () => {
    const scene = new RunnerScene();
    const error = new SallyportError('github.unavailable', 'limited', { retryAfterMs: 60_000 });
    const task = await scene.queued();
    for (let times = 0; times < 3; times += 1) {
      scene.source.faults.plan({ method: 'snapshot', nth: 1, when: 'before', error });
      await expect(scene.run(task)).rejects.toBe(error);
      expect(await scene.now(task)).toMatchObject({ state: 'queued', attempt: 1, runnerId: null });
    }
    expect(scene.types(task).filter((type) => type === 'task.requeued')).toHaveLength(3);
    await scene.run(task);
    expect(await scene.now(task)).toMatchObject({ state: 'publishing', attempt: 1 });
    expect([...scene.world.tasks.jobs.keys()]).toEqual([]);
  });

  it('goes well at the second attempt', async () => {
    const scene = new RunnerScene();
    scene.sandbox.faults.plan({ method: 'start', ...fault('engine.unavailable') });
    const task = await scene.queued();
    await scene.run(task);
    await scene.run(task, 2);
    expect((await scene.now(task)).state).toBe('publishing');
    const run = scene.world.github.runs.get(task.checkRunId ?? 0);
    expect(run?.output.summary).toContain('attempt 2');
  });

  it.each(['engine.missing-image', 'engine.missing-runtime', 'input.too-large'] as const)(
    'ends the task at once when trying again cannot help: %s',
    async (code) => {
      const scene = new RunnerScene();
      scene.sandbox.faults.plan({ method: 'start', ...fault(code) });
      const task = await scene.queued();
      await scene.run(task);
      expect(await scene.now(task)).toMatchObject({ state: 'failed', reason: code, attempt: 1 });
    },
  );

  it('ends the task as our own fault when it has no code', async () => {
    const scene = new RunnerScene();
    const error = new TypeError('planned');
    scene.sandbox.faults.plan({ method: 'start', nth: 1, when: 'before', error });
    const task = await scene.queued();
    await scene.run(task);
    expect(await scene.now(task)).toMatchObject({ state: 'failed', reason: 'internal' });
  });

  it('does not take back what has been handed over for publishing', async () => {
    const scene = new RunnerScene();
    scene.world.publish.add = () => Promise.reject(new TypeError('planned'));
    const task = await scene.queued();
    await scene.run(task);
    expect(await scene.now(task)).toMatchObject({ state: 'publishing', attempt: 1, reason: null });
  });
});

describe('a runner that was frozen until its task went to another', () => {
  it.each([
    ['its result', answers()],
    ['its failure', answers({ report: null })],
  ])('does nothing with %s', async (_what, behave) => {
    const scene = new RunnerScene();
    const task = await scene.queued();
    const release = Promise.withResolvers<undefined>();
    scene.sandbox.behave = async (session, running) => {
      await release.promise;
      await behave(session, running);
    };
    const running = scene.run(task);
    await waitFor('the sandbox', () => scene.sandbox.started.at(0));
    const { tasks } = scene.world.store;
    await tasks.transition(task.id, ['running'], 'queued', { attempt: 2, runnerId: null });
    await tasks.transition(task.id, ['queued'], 'preparing', { runnerId: 'runner-2' });
    await tasks.transition(task.id, ['preparing'], 'running');
    release.resolve(undefined);
    await running;
    const other = { state: 'running', attempt: 2, runnerId: 'runner-2', reason: null };
    expect(await scene.now(task)).toMatchObject(other);
  });

  it('does not give a fault of its own to the other attempt', async () => {
    const scene = new RunnerScene();
    const task = await scene.queued();
    const { source } = scene;
    source.snapshot = async () => {
      const { tasks } = scene.world.store;
      await tasks.transition(task.id, ['preparing'], 'queued', { attempt: 2, runnerId: null });
      await tasks.transition(task.id, ['queued'], 'preparing', { runnerId: 'runner-2' });
      throw new SallyportError('git.failed', 'planned');
    };
    await scene.run(task);
    const other = { state: 'preparing', attempt: 2, runnerId: 'runner-2' };
    expect(await scene.now(task)).toMatchObject(other);
  });
});
