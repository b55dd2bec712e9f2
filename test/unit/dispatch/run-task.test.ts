import { describe, expect, it } from 'vitest';
import { readOutcome } from '../../../src/approval/read-outcome.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import type { Task } from '../../../src/domain/task.ts';
import { answers, hangs } from '../../support/fakes/fake-sandbox.ts';
import { waitFor } from '../../support/wait-for.ts';
import { write } from '../../support/wire/hostile-sandbox.ts';
import { RunnerScene } from './runner-scene.ts';

/** Ends the task as a newer push would. */
async function supersede(scene: RunnerScene, task: Task): Promise<void> {
  const { tasks } = scene.world.store;
  const { state } = await scene.now(task);
  await tasks.transition(task.id, [state], 'superseded', { runnerId: null, reason: 'head:moved' });
}

describe('one run', () => {
  it('goes through every state, keeps the outcome and the log, and queues the publishing', async () => {
    const scene = new RunnerScene();
    scene.sandbox.behave = answers({ changes: [write('src/a.js', 4)] }, 'new\n');
    const task = await scene.queued();
    await scene.run(task);
    const after = await scene.now(task);
    expect(after).toMatchObject({ state: 'publishing', runnerId: null, checkConcluded: false });
    const outcome = await readOutcome(scene.world.store.artifacts, after);
    expect(outcome.changes.map((change) => change.path)).toEqual(['src/a.js']);
    expect(after.inputDigest).toBe(outcome.inputDigest);
    const states = ['preparing', 'running', 'collecting', 'publishing'].map((s) => `task.${s}`);
    const types = scene.types(task);
    const moves = types.filter((type) => type.startsWith('task.'));
    expect(moves.filter((type) => !['task.log', 'task.peaks'].includes(type))).toEqual(states);
    expect(types.indexOf('sandbox.exec-end')).toBeLessThan(types.indexOf('task.collecting'));
    expect(types.indexOf('task.log')).toBeLessThan(types.indexOf('task.collecting'));
    expect([...scene.world.publish.jobs.keys()]).toEqual([`${task.id}-1-publishing`]);
    expect(scene.sandbox.started.map((running) => running.isDestroyed)).toEqual([true]);
    const run = scene.world.github.runs.get(task.checkRunId ?? 0);
    expect(run?.state.status).toBe('in_progress');
  });

  it('is one run when the job is delivered twice at once', async () => {
    const scene = new RunnerScene();
    const task = await scene.queued();
    await Promise.all([scene.run(task), scene.run(task)]);
    expect(scene.sandbox.started).toHaveLength(1);
    expect((await scene.now(task)).state).toBe('publishing');
    await scene.run(task);
    expect(scene.sandbox.started).toHaveLength(1);
  });

  it('is none for another attempt, for a task that has ended, and for one that is unknown', async () => {
    const scene = new RunnerScene();
    const task = await scene.queued();
    await scene.run(task, 2);
    await supersede(scene, task);
    await scene.run(task);
    scene.world.store.tasks.rows.delete(task.id);
    await scene.run(task);
    expect(scene.sandbox.started).toEqual([]);
  });

  it('runs although GitHub cannot be told of it, and without a check run', async () => {
    const scene = new RunnerScene();
    scene.world.github.faults.plan({ method: 'checkRuns.update', nth: 1, when: 'before' });
    const told = await scene.queued();
    await scene.run(told);
    expect((await scene.now(told)).state).toBe('publishing');
    const silent = await scene.queued({
      id: told.id.replace(/.$/, '0') as never,
      checkRunId: null,
    });
    await scene.run(silent);
    expect((await scene.now(silent)).state).toBe('publishing');
  });
});

describe('a run that ends otherwise', () => {
  it.each([
    ['a report that is missing', answers({ report: null, reportError: 'x' }), 'result:no-report'],
    ['what is no result', answers({ protocol: 1 }), 'result:malformed'],
    ['too much', answers({ changes: [write('a', 2 ** 40)] }), /^limit:result-size$/],
  ] as const)('fails the task for %s', async (_what, behave, reason) => {
    const scene = new RunnerScene();
    scene.sandbox.behave = behave;
    const task = await scene.queued();
    await scene.run(task);
    const after = await scene.now(task);
    expect(after.state).toBe('failed');
    expect(after.reason).toMatch(reason);
    expect([...scene.world.publish.jobs.keys()]).toEqual([`${task.id}-1-failed`]);
    expect(scene.types(task)).toContain('task.ended');
  });

  it('times out when the agent says that it did', async () => {
    const scene = new RunnerScene();
    scene.sandbox.behave = answers({
      agent: { exitCode: null, signal: 'SIGKILL', timedOut: true },
    });
    const task = await scene.queued();
    await scene.run(task);
    expect(await scene.now(task)).toMatchObject({ state: 'timed-out', reason: 'limit:wall-clock' });
  });

  it('keeps what an agent said before its time was over, with the word that it is not all', async () => {
    const scene = new RunnerScene();
    const toolErrors = [{ tool: 'linters', message: 'left no whole report' }];
    scene.sandbox.behave = answers({
      agent: { exitCode: null, signal: 'SIGKILL', timedOut: true },
      report: { findings: [], tools: [], toolErrors },
    });
    const task = await scene.queued();
    await scene.run(task);
    const after = await scene.now(task);
    expect(after.state).toBe('publishing');
    expect(await readOutcome(scene.world.store.artifacts, after)).toMatchObject({
      toolErrors: [
        { tool: 'linters', message: 'stopped at limit:wall-clock: left no whole report' },
      ],
      ending: { limit: 'limit:wall-clock' },
    });
  });

  it('is broken off within a second of being superseded, and publishes nothing', async () => {
    const scene = new RunnerScene();
    scene.sandbox.behave = hangs;
    const task = await scene.queued();
    const running = scene.run(task);
    await waitFor('the sandbox', () => scene.sandbox.started.at(0));
    await supersede(scene, task);
    await scene.world.clock.advance(1_000);
    await running;
    expect(await scene.now(task)).toMatchObject({ state: 'superseded', reason: 'head:moved' });
    expect(scene.sandbox.started[0]?.isDestroyed).toBe(true);
    expect(scene.types(task)).not.toContain('task.publishing');
  });

  it('is broken off while it fetches, without a fault of anybody', async () => {
    const scene = new RunnerScene();
    scene.source.hangs = true;
    const task = await scene.queued();
    const running = scene.run(task);
    await waitFor('the fetch', () => scene.types(task).at(0));
    await supersede(scene, task);
    await scene.world.clock.advance(1_000);
    await running;
    expect(await scene.now(task)).toMatchObject({ state: 'superseded', reason: 'head:moved' });
    expect(scene.sandbox.started).toEqual([]);
  });

  it('starts no sandbox for what was superseded while it was fetched', async () => {
    const scene = new RunnerScene();
    const task = await scene.queued();
    const { source } = scene;
    const snapshot = source.snapshot.bind(source);
    source.snapshot = async (...parts) => {
      await supersede(scene, task);
      await scene.world.clock.advance(1_000);
      return snapshot(...parts);
    };
    await scene.run(task);
    expect(scene.sandbox.started).toEqual([]);
    expect((await scene.now(task)).state).toBe('superseded');
  });

  it.each(['fetching', 'running'] as const)(
    'leaves the task to recovery when the runner stops while %s',
    async (what) => {
      const scene = new RunnerScene();
      scene.source.hangs = what === 'fetching';
      scene.sandbox.behave = hangs;
      const task = await scene.queued();
      const running = scene.run(task);
      if (what === 'running') await waitFor('the sandbox', () => scene.sandbox.started.at(0));
      scene.stopping.abort();
      await running;
      const state = what === 'fetching' ? 'preparing' : 'running';
      expect(await scene.now(task)).toMatchObject({ state, runnerId: 'runner-1', attempt: 1 });
      expect(scene.types(task)).not.toContain('task.ended');
    },
  );

  it('publishes nothing when it was superseded while its result was being stored', async () => {
    const scene = new RunnerScene();
    const task = await scene.queued();
    const { artifacts } = scene.world.store;
    const put = artifacts.put.bind(artifacts);
    artifacts.put = async (bytes) => {
      if ((await scene.now(task)).state === 'collecting') await supersede(scene, task);
      return put(bytes);
    };
    await scene.run(task);
    expect((await scene.now(task)).state).toBe('superseded');
    expect(scene.types(task)).not.toContain('task.publishing');
    expect(scene.world.publish.jobs.size).toBe(0);
  });

  it('asks again when the record cannot be read while it watches', async () => {
    const scene = new RunnerScene();
    scene.sandbox.behave = hangs;
    const task = await scene.queued();
    const running = scene.run(task);
    await waitFor('the sandbox', () => scene.sandbox.started.at(0));
    scene.world.store.faults.plan({ method: 'tasks.get', nth: 1, when: 'before' });
    await scene.world.clock.advance(600);
    await supersede(scene, task);
    await scene.world.clock.advance(600);
    await running;
    expect((await scene.now(task)).state).toBe('superseded');
  });

  it('shows its end again when it was ended while its check was being opened', async () => {
    const scene = new RunnerScene();
    const task = await scene.queued();
    const { checkRuns } = scene.world.github;
    const update = checkRuns.update.bind(checkRuns);
    let isFirst = true;
    checkRuns.update = async (...parts) => {
      if (isFirst) {
        isFirst = false;
        // The push is handled, and its end is shown, before "in progress" reaches GitHub.
        await supersede(scene, task);
        await settleTask(scene.world.context, task.id);
      }
      return update(...parts);
    };
    scene.sandbox.behave = hangs;
    const running = scene.run(task);
    await waitFor('the check', () => [...scene.world.publish.jobs.keys()].at(0));
    await scene.world.clock.advance(1_000);
    await running;
    expect((await scene.now(task)).checkConcluded).toBe(false);
    expect([...scene.world.publish.jobs.keys()]).toEqual([`${task.id}-1-superseded-again`]);
    await settleTask(scene.world.context, task.id);
    const run = scene.world.github.runs.get(task.checkRunId ?? 0);
    expect(run?.state).toEqual({ status: 'completed', conclusion: 'cancelled' });
  });
});
