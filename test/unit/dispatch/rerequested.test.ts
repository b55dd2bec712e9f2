import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import { CommitSha } from '../../../src/domain/ids.ts';
import { type Task, TaskState } from '../../../src/domain/task.ts';
import type { Trigger } from '../../../src/domain/trigger.ts';
import { storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { headSha, number, repository, World } from '../../support/fakes/world.ts';

const groupSha = CommitSha.parse('9'.repeat(40));

function pressed(world: World, task: Task, login = 'maintainer'): Trigger {
  const { deliveryId, receivedAtMs } = world.byGitHub();
  const checkRunId = task.checkRunId ?? 0;
  const sender = world.person(login);
  const common = { deliveryId, receivedAtMs, repository, sender, headSha };
  return { ...common, type: 'check-rerequested', checkRunId, externalId: task.id };
}

function pressedAll(world: World, login = 'maintainer', pullRequests: number[] = []): Trigger {
  const sender = world.person(login);
  const common = { ...world.byGitHub(), repository, sender, headSha };
  return { ...common, type: 'suite-rerequested', pullRequests };
}

/** Does every publish job, and says whose runs were written. */
async function written(world: World): Promise<readonly string[]> {
  const before = world.github.faults.count('checkRuns.update');
  const jobs = [...world.publish.jobs.values()];
  world.publish.jobs.clear();
  for (const { taskId } of jobs) await settleTask(world.context, taskId);
  const count = world.github.faults.count('checkRuns.update') - before;
  return count === 0 ? [] : jobs.map(({ taskId }) => taskId);
}

async function queued(world: World, of = number): Promise<readonly Task[]> {
  return world.store.tasks.ofPullRequest(repository.repositoryId, of, ['queued']);
}

/** A review of another name than its kind. */
function docsTask(world: World): Promise<Task> {
  return storedTask(world, 'failed', { kind: 'review', cause: 'docs', task: { name: 'docs' } });
}

describe('re-run of a task that is called otherwise than its kind', () => {
  function worldWithDocs(): World {
    const world = new World();
    const { policy, digest } = world.policy;
    const { review } = policy.tasks;
    if (review === undefined) throw new Error('no review');
    world.policy = { policy: { ...policy, tasks: { ...policy.tasks, docs: review } }, digest };
    return world;
  }

  it('makes a new run and does not write the old one again', async () => {
    const world = worldWithDocs();
    await handleTrigger(world.context, pressed(world, await docsTask(world)));
    expect(await queued(world)).toMatchObject([{ name: 'docs' }]);
    expect(await written(world)).toEqual([]);
  });

  it('is of each name when all checks are run again', async () => {
    const world = worldWithDocs();
    await storedTask(world, 'failed', { kind: 'review' });
    await world.clock.advance(1_000);
    await docsTask(world);
    await handleTrigger(world.context, pressedAll(world));
    expect((await queued(world)).map(({ name }) => name).sort()).toEqual(['docs', 'review']);
  });
});

describe('re-run of one check', () => {
  it('makes a new run', async () => {
    const world = new World();
    const task = await storedTask(world, 'failed', { kind: 'review' });
    await handleTrigger(world.context, pressed(world, task));
    expect(await queued(world)).toHaveLength(1);
    expect(await written(world)).toEqual([]);
  });

  it.each([
    ['somebody who may not', 'reader', {}],
    ['anybody, on a closed pull request', 'maintainer', { state: 'closed' as const }],
  ])(
    'by %s writes the old run again, so that its suite is not left open',
    async (_who, login, pull) => {
      const world = new World();
      const task = await storedTask(world, 'failed', { kind: 'review' });
      world.setPull(pull);
      await handleTrigger(world.context, pressed(world, task, login));
      expect(await queued(world)).toEqual([]);
      expect(await written(world)).toEqual([task.id]);
      await handleTrigger(world.context, pressed(world, task, login));
      expect(await written(world)).toEqual([task.id]);
    },
  );

  it('runs nothing of a task that is one of triage now', async () => {
    const world = new World();
    const task = await storedTask(world, 'failed', { kind: 'review' });
    world.setRules('review', { purpose: 'triage' });
    await handleTrigger(world.context, pressed(world, task));
    expect(await queued(world)).toEqual([]);
    expect(await written(world)).toEqual([task.id]);
  });

  it('of a run that is not ours to know changes nothing', async () => {
    const world = new World();
    const task = await storedTask(world, 'failed', { kind: 'review' });
    const trigger = pressed(world, { ...task, checkRunId: 1 });
    await handleTrigger(world.context, trigger);
    expect([await queued(world), await written(world)]).toEqual([[], []]);
  });

  it('of a merge group asks again how the pull request stands', async () => {
    const world = new World();
    const type = 'merge-group';
    const group = { ...world.byGitHub(), repository, headSha: groupSha, pullRequest: number };
    await handleTrigger(world.context, { ...group, type });
    const runs = () => [...world.github.runs.values()].filter((run) => run.headSha === groupSha);
    const [first] = runs();
    if (first === undefined) throw new Error('no check');
    expect(first.state).toEqual({ status: 'completed', conclusion: 'failure' });
    const task = await storedTask(world, 'done', { kind: 'review' });
    await world.github.checkRuns.update(repository, task.checkRunId ?? 0, {
      state: { status: 'completed', conclusion: 'success' },
      output: first.output,
    });
    const { id: checkRunId, externalId } = first;
    const again = { ...pressed(world, task), headSha: groupSha, checkRunId, externalId } as Trigger;
    await handleTrigger(world.context, again);
    await handleTrigger(world.context, again);
    expect(runs().map(({ state }) => state)).toMatchObject([
      { conclusion: 'failure' },
      { conclusion: 'success' },
    ]);
    await handleTrigger(world.context, { ...pressedAll(world), headSha: groupSha } as Trigger);
    expect(runs()).toHaveLength(3);
  });
});

it('of a merge group that names no pull request fails again, and is not left open', async () => {
  const world = new World();
  const type = 'merge-group';
  const group = { ...world.byGitHub(), repository, headSha: groupSha, pullRequest: null };
  await handleTrigger(world.context, { ...group, type });
  await handleTrigger(world.context, { ...pressedAll(world), headSha: groupSha } as Trigger);
  const states = [...world.github.runs.values()].map(({ state }) => state);
  const failed = { status: 'completed', conclusion: 'failure' };
  expect(states).toEqual([failed, failed]);
});

describe('re-run of all checks of a commit', () => {
  it('runs what has ended again, of each pull request with this head, once', async () => {
    const world = new World();
    const sibling = number + 1;
    const first = world.github.pulls.get(`${repository.repositoryId}#${number}`);
    if (first === undefined) throw new Error('no pull request');
    world.github.pulls.set(`${repository.repositoryId}#${sibling}`, { ...first, number: sibling });
    await storedTask(world, 'failed', { kind: 'review', cause: 'old' });
    await world.clock.advance(1_000);
    await storedTask(world, 'done', { kind: 'review', cause: 'one' });
    await storedTask(world, 'done', {
      kind: 'review',
      cause: 'two',
      task: { pullRequest: sibling },
    });
    const trigger = pressedAll(world);
    await handleTrigger(world.context, trigger);
    await handleTrigger(world.context, trigger);
    expect(await queued(world)).toHaveLength(1);
    expect(await queued(world, sibling)).toHaveLength(1);
  });

  it('leaves what is under way, and a patch that waits for a decision', async () => {
    const world = new World();
    const running = await storedTask(world, 'running', { kind: 'review' });
    const waiting = await storedTask(world, 'awaiting-approval', { kind: 'fix' });
    await handleTrigger(world.context, pressedAll(world));
    expect(await queued(world)).toEqual([]);
    expect((await storedNow(world, running)).state).toBe('running');
    expect((await storedNow(world, waiting)).state).toBe('awaiting-approval');
    expect(await written(world)).toContain(waiting.id);
  });

  it('of a commit that nothing is known of plans what a push would have', async () => {
    const world = new World();
    await world.tellPusher();
    await handleTrigger(world.context, pressedAll(world, 'maintainer', [number]));
    expect(await queued(world)).toMatchObject([{ kind: 'review', headSha }]);
    const all = await world.store.tasks.ofPullRequest(7, number, TaskState.options);
    expect(all).toHaveLength(1);
  });
});
