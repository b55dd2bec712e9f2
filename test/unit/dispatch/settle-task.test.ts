import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/approval/decide.ts';
import { approvalContext } from '../../../src/dispatch/context.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { taskIdFor } from '../../../src/domain/ids.ts';
import type { Task } from '../../../src/domain/task.ts';
import { type ErrorCode, SallyportError } from '../../../src/errors.ts';
import { setBranch, storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { newerSha, World } from '../../support/fakes/world.ts';

const review = { kind: 'review' } as const;

function checkOf(world: World, task: Task) {
  const run = [...world.github.runs.values()].find((one) => one.externalId === task.id);
  if (run === undefined) throw new Error('there is no check run');
  return run;
}

/** The change of `src/a.js`, which is inside the diff: a review suggests it. */
async function publishingReview(world: World): Promise<Task> {
  return storedTask(world, 'publishing', review);
}

describe('publishing a review', () => {
  it('concludes its check, posts its suggestions, and says so in the ledger', async () => {
    const world = new World();
    const task = await publishingReview(world);
    await settleTask(world.context, task.id);
    expect(await storedNow(world, task)).toMatchObject({ state: 'done', checkConcluded: true });
    expect(checkOf(world, task).state).toEqual({ status: 'completed', conclusion: 'success' });
    expect(world.github.reviews).toHaveLength(1);
    expect(world.ledger.types()).toEqual(['task.done', 'report.published']);
  });

  it('never waits for an approval, whatever its sandbox changed', async () => {
    const world = new World();
    const task = await publishingReview(world);
    await settleTask(world.context, task.id);
    expect(checkOf(world, task).actions).toEqual([]);
  });

  it.each([
    ['pullRequests.get', 'before'],
    ['pullRequests.get', 'after'],
    ['checkRuns.update', 'before'],
    ['checkRuns.update', 'after'],
    ['pullRequests.createReview', 'before'],
    ['pullRequests.createReview', 'after'],
  ] as const)('shows one of each when GitHub fails: %s, %s its effect', async (method, when) => {
    const world = new World();
    const task = await publishingReview(world);
    world.github.faults.plan({ method, nth: 1, when });
    await expect(settleTask(world.context, task.id)).rejects.toThrow('planned');
    expect((await storedNow(world, task)).checkConcluded).toBe(false);
    await settleTask(world.context, task.id);
    expect(world.github.reviews).toHaveLength(1);
    expect(world.github.runs.size).toBe(1);
    expect(await storedNow(world, task)).toMatchObject({ state: 'done', checkConcluded: true });
    expect(world.ledger.types()).toEqual(['task.done', 'report.published']);
  });

  it.each([
    ['tasks.get', 1],
    ['tasks.get', 2],
    ['tasks.get', 3],
    ['tasks.transition', 1],
    ['tasks.patch', 1],
    ['steps.begin', 1],
    ['steps.finish', 1],
  ] as const)('shows one of each when the process dies at %s, call %i', async (method, nth) => {
    for (const when of ['before', 'after'] as const) {
      const world = new World();
      const task = await publishingReview(world);
      const error = new SallyportError('store.unavailable', 'planned');
      world.store.faults.plan({ method, nth, when, error });
      await expect(settleTask(world.context, task.id)).rejects.toThrow('planned');
      await settleTask(world.context, task.id);
      expect(world.github.reviews).toHaveLength(1);
      expect(await storedNow(world, task)).toMatchObject({ state: 'done', checkConcluded: true });
    }
  });

  it('posts one review when two jobs settle it at once', async () => {
    const world = new World();
    const task = await publishingReview(world);
    const settle = () => settleTask(world.context, task.id);
    await Promise.all([settle(), settle(), settle()]);
    expect(world.github.reviews).toHaveLength(1);
  });

  it('makes the check run that a crash left out, once', async () => {
    const world = new World();
    const task = await publishingReview(world);
    world.github.runs.clear();
    await world.store.tasks.patch(task.id, { checkRunId: null });
    const settle = () => settleTask(world.context, task.id);
    await Promise.all([settle(), settle()]);
    expect(world.github.runs.size).toBe(1);
    expect(checkOf(world, task).state.status).toBe('completed');
  });

  it('takes the number of a check run from its step when the task has not got it', async () => {
    const world = new World();
    const task = await publishingReview(world);
    await world.store.steps.finish(task.id, 'check-run', String(task.checkRunId));
    await world.store.tasks.patch(task.id, { checkRunId: null });
    await settleTask(world.context, task.id);
    expect(await storedNow(world, task)).toMatchObject({ checkRunId: task.checkRunId });
    expect(world.github.runs.size).toBe(1);
  });

  it('is superseded when the head moved while it ran', async () => {
    const world = new World();
    const task = await publishingReview(world);
    setBranch(world, { sha: newerSha });
    await settleTask(world.context, task.id);
    expect(await storedNow(world, task)).toMatchObject({
      state: 'superseded',
      reason: 'head:moved',
    });
    expect(world.github.reviews).toEqual([]);
    await settleTask(world.context, task.id);
    expect(checkOf(world, task).state).toEqual({ status: 'completed', conclusion: 'cancelled' });
  });

  it('leaves alone what is unknown or held by a runner', async () => {
    const world = new World();
    await settleTask(world.context, taskIdFor('nobody', 'review'));
    const task = await storedTask(world, 'running', review);
    await settleTask(world.context, task.id);
    expect(await storedNow(world, task)).toEqual(task);
    expect(checkOf(world, task).state.status).toBe('queued');
  });
});

describe('what no retry can change', () => {
  const fault = (code: ErrorCode) => new SallyportError(code, 'planned');

  it.each(['github.not-found', 'github.forbidden'] as const)(
    'fails a task whose pull request answers %s, and concludes its check',
    async (code) => {
      const world = new World();
      const task = await publishingReview(world);
      const { faults } = world.github;
      faults.plan({ method: 'pullRequests.get', nth: 1, when: 'before', error: fault(code) });
      await settleTask(world.context, task.id);
      expect(await storedNow(world, task)).toMatchObject({
        state: 'failed',
        reason: `report:${code}`,
      });
      await settleTask(world.context, task.id);
      expect(checkOf(world, task).state).toEqual({ status: 'completed', conclusion: 'failure' });
    },
  );

  it('fails a task whose outcome is gone', async () => {
    const world = new World();
    const task = await storedTask(world, 'publishing', {
      ...review,
      task: { outcomeDigest: null },
    });
    await settleTask(world.context, task.id);
    expect((await storedNow(world, task)).reason).toBe('report:store.corrupt');
  });

  it('tells in its check of a report that GitHub refuses, and does not pass it', async () => {
    const world = new World();
    const task = await publishingReview(world);
    const error = fault('github.rejected');
    world.github.faults.plan({ method: 'checkRuns.update', nth: 1, when: 'before', error });
    await settleTask(world.context, task.id);
    expect(await storedNow(world, task)).toMatchObject({ state: 'done', checkConcluded: true });
    expect(checkOf(world, task).state).toEqual({ status: 'completed', conclusion: 'failure' });
    expect(checkOf(world, task).output.summary).toContain('report:github.rejected');
  });

  it('does not ask for ever about a check run that GitHub does not take at all', async () => {
    const world = new World();
    const task = await publishingReview(world);
    const error = fault('github.rejected');
    for (const nth of [1, 2])
      world.github.faults.plan({ method: 'checkRuns.update', nth, when: 'before', error });
    await settleTask(world.context, task.id);
    expect((await storedNow(world, task)).checkConcluded).toBe(true);
  });

  it('tries again when GitHub is away while it tells of the fault', async () => {
    const world = new World();
    const task = await publishingReview(world);
    const { faults } = world.github;
    faults.plan({
      method: 'checkRuns.update',
      nth: 1,
      when: 'before',
      error: fault('github.rejected'),
    });
    faults.plan({ method: 'checkRuns.update', nth: 2, when: 'before' });
    await expect(settleTask(world.context, task.id)).rejects.toThrow('planned');
    expect((await storedNow(world, task)).checkConcluded).toBe(false);
  });

  it('has nothing to do for a task that is gone by then', async () => {
    const world = new World();
    const task = await publishingReview(world);
    const { pullRequests } = world.github;
    pullRequests.get = async () => {
      world.store.tasks.rows.delete(task.id);
      throw fault('github.not-found');
    };
    await settleTask(world.context, task.id);
    expect(world.ledger.types()).toEqual([]);
  });
});

describe('publishing a fix', () => {
  it('shows a patch that may be approved, with its buttons, and waits', async () => {
    const world = new World();
    const task = await storedTask(world, 'publishing');
    await settleTask(world.context, task.id);
    expect((await storedNow(world, task)).state).toBe('awaiting-approval');
    const { state, actions } = checkOf(world, task);
    expect(state).toEqual({ status: 'completed', conclusion: 'action_required' });
    expect(actions.map((action) => action.identifier)).toEqual(['apply', 'reject', 're-run']);
    expect(world.store.steps.rows.has(`${task.id}/commit`)).toBe(false);
  });

  it.each([
    ['nothing changed', { files: {} }, {}, 'no fix proposed'],
    ['the gate refuses', { files: { '.github/x.yml': 'on: push\n' } }, {}, 'not let through'],
    ['the head is in a fork', {}, { isFork: true }, 'not let through'],
  ] as const)('is done at once when %s', async (_what, options, pull, title) => {
    const world = new World();
    world.setPull(pull);
    const task = await storedTask(world, 'publishing', options);
    await settleTask(world.context, task.id);
    expect(await storedNow(world, task)).toMatchObject({ state: 'done', checkConcluded: true });
    expect(checkOf(world, task).output.title.toLowerCase()).toContain(title);
    expect(checkOf(world, task).actions).toEqual([]);
    // To look whether it was committed must not look like a commit that was begun.
    expect(world.store.steps.rows.has(`${task.id}/commit`)).toBe(false);
  });

  it('shows a held run with its button', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-run-approval', review);
    await settleTask(world.context, task.id);
    expect(checkOf(world, task).actions.map((action) => action.identifier)).toEqual([
      'approve-run',
    ]);
    expect((await storedNow(world, task)).checkConcluded).toBe(true);
  });

  it('shows again what was decided while the old view was on its way', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    const { checkRuns } = world.github;
    const update = checkRuns.update.bind(checkRuns);
    checkRuns.update = async (...parts) => {
      checkRuns.update = update;
      const by = world.person('maintainer');
      const cause = world.nextDelivery();
      const saidAtMs = world.clock.nowMs();
      const request = { task, decision: 'reject', by, via: 'button', cause, saidAtMs } as const;
      await decide(approvalContext(world.context), request);
      await update(...parts);
    };
    await settleTask(world.context, task.id);
    expect((await storedNow(world, task)).checkConcluded).toBe(false);
    expect([...world.publish.jobs.keys()]).toContain(`${task.id}-1-cancelled-again`);
    await settleTask(world.context, task.id);
    expect(checkOf(world, task).output.title).toBe('Patch rejected');
  });

  it('does nothing more when the task is gone by the time it is shown, or was moved by another', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    const { checkRuns, pullRequests } = world.github;
    const update = checkRuns.update.bind(checkRuns);
    checkRuns.update = async (...parts) => {
      await update(...parts);
      world.store.tasks.rows.delete(task.id);
    };
    await settleTask(world.context, task.id);
    checkRuns.update = update;
    const moved = await storedTask(world, 'publishing', { cause: 'moved' });
    const get = pullRequests.get.bind(pullRequests);
    pullRequests.get = async (...parts) => {
      await world.store.tasks.transition(moved.id, ['publishing'], 'cancelled', { reason: 'x' });
      return get(...parts);
    };
    await settleTask(world.context, moved.id);
    expect((await storedNow(world, moved)).state).toBe('cancelled');
    expect(world.ledger.types()).not.toContain('task.awaiting-approval');
  });
});
