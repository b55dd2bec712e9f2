import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import type { RepositoryRef } from '../../../src/domain/repository.ts';
import type { Trigger } from '../../../src/domain/trigger.ts';
import { SallyportError } from '../../../src/errors.ts';
import { storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { newerSha, repository, World } from '../../support/fakes/world.ts';

const { installationId, repositoryId } = repository;

function lost(world: World, change: Partial<Extract<Trigger, { type: 'access-lost' }>> = {}) {
  const what = { reason: 'installation:suspended', installationId, repositoryIds: null } as const;
  return { ...world.byGitHub(), type: 'access-lost', ...what, ...change } as const;
}

function returned(world: World, repositories: RepositoryRef[] | null = null, id = installationId) {
  const type = 'access-returned';
  return { ...world.byGitHub(), type, installationId: id, repositories } as const;
}

async function publishAll(world: World): Promise<void> {
  const jobs = [...world.publish.jobs.values()];
  world.publish.jobs.clear();
  for (const { taskId } of jobs) await settleTask(world.context, taskId);
}

/** Plans what GitHub was found to have left open. */
async function planMissed(world: World): Promise<readonly Trigger[]> {
  const triggers = [...world.deliveries.jobs.values()];
  world.deliveries.jobs.clear();
  for (const trigger of triggers) await handleTrigger(world.context, trigger);
  return triggers;
}

describe('the App that may do nothing any more', () => {
  it.each([
    ['installation:suspended', null],
    ['installation:deleted', null],
    ['repository:removed', [repositoryId]],
    ['repository:deleted', [5, repositoryId]],
  ] as const)('ends what lives: %s', async (reason, ids) => {
    const world = new World();
    const running = await storedTask(world, 'running', { cause: 'one' });
    const waiting = await storedTask(world, 'awaiting-run-approval', { cause: 'two' });
    const repositoryIds = ids === null ? null : [...ids];
    await handleTrigger(world.context, lost(world, { reason, repositoryIds }));
    for (const task of [running, waiting])
      expect(await storedNow(world, task)).toMatchObject({
        state: 'cancelled',
        reason,
        runnerId: null,
      });
  });

  it.each([
    ['another installation', { installationId: 99 }],
    ['other repositories', { repositoryIds: [repositoryId + 1] }],
  ])('leaves the tasks of %s alone', async (_whose, change) => {
    const world = new World();
    const task = await storedTask(world, 'running');
    await handleTrigger(world.context, lost(world, change));
    expect((await storedNow(world, task)).state).toBe('running');
  });
});

describe('the App that is let in again', () => {
  it('writes the conclusion that GitHub would not take, and reviews the head anew', async () => {
    const world = new World();
    await handleTrigger(world.context, world.pullRequest('opened'));
    const [task] = [...world.store.tasks.rows.values()];
    if (task === undefined) throw new Error('nothing was planned');
    await handleTrigger(world.context, lost(world));
    const error = new SallyportError('github.forbidden', 'suspended');
    world.github.faults.plan({ method: 'checkRuns.update', nth: 1, when: 'before', error });
    await publishAll(world);
    expect((await storedNow(world, task)).checkConcluded).toBe(true);
    const run = () => world.github.runs.get(task.checkRunId ?? 0)?.state;
    expect(run()).toEqual({ status: 'queued' });
    await world.clock.advance(1_000);
    await handleTrigger(world.context, returned(world));
    expect(await planMissed(world)).toMatchObject([{ type: 'pull-request', action: 'opened' }]);
    await publishAll(world);
    expect(run()).toEqual({ status: 'completed', conclusion: 'cancelled' });
    const states = [...world.store.tasks.rows.values()].map(({ state }) => state);
    expect(states).toEqual(['cancelled', 'queued']);
  });

  it('writes what is shown of a task that ended for a reason of its own, and runs nothing', async () => {
    const world = new World();
    const task = await storedTask(world, 'failed', {
      kind: 'review',
      task: { checkConcluded: true, reason: 'internal' },
    });
    await handleTrigger(world.context, returned(world));
    expect(await planMissed(world)).toEqual([]);
    await publishAll(world);
    expect(world.github.runs.get(task.checkRunId ?? 0)?.state.status).toBe('completed');
  });

  it('writes what GitHub refused on heads of then, and nothing that it took', async () => {
    const world = new World();
    const shown = await storedTask(world, 'failed', {
      cause: 'shown',
      task: { headSha: newerSha },
    });
    const refused = await storedTask(world, 'running', {
      cause: 'refused',
      task: { headSha: newerSha },
    });
    await settleTask(world.context, shown.id);
    await handleTrigger(world.context, lost(world));
    const error = new SallyportError('github.forbidden', 'suspended');
    world.github.faults.plan({ method: 'checkRuns.update', nth: 1, when: 'before', error });
    await publishAll(world);
    await handleTrigger(world.context, returned(world));
    expect([...world.publish.jobs.values()]).toEqual([{ taskId: refused.id }]);
    await publishAll(world);
    expect(world.github.runs.get(refused.checkRunId ?? 0)?.state).toMatchObject({
      conclusion: 'cancelled',
    });
  });

  it('finds what was pushed meanwhile, however short ago', async () => {
    const world = new World();
    await storedTask(world, 'done', { kind: 'review', task: { checkConcluded: true } });
    world.setPull({ headSha: newerSha });
    world.github.updatedAtMs = world.clock.nowMs();
    await handleTrigger(world.context, returned(world));
    expect(await planMissed(world)).toMatchObject([{ headSha: newerSha }]);
  });

  it('under a new installation speaks of its old tasks through that one', async () => {
    const world = new World();
    const task = await storedTask(world, 'done', { kind: 'review' });
    const now = { ...repository, installationId: 77 };
    const other = { ...now, repositoryId: 8, name: 'other' };
    await handleTrigger(world.context, returned(world, [other, now], 77));
    expect((await storedNow(world, task)).repository).toEqual(now);
  });

  it('elsewhere asks for nothing here', async () => {
    const world = new World();
    await storedTask(world, 'superseded', { kind: 'review' });
    await handleTrigger(world.context, returned(world, null, 99));
    await handleTrigger(world.context, returned(world, []));
    expect(world.github.faults.count('pullRequests.listOpen')).toBe(0);
  });
});

describe('a repository that has moved', () => {
  it('is spoken to where it is now', async () => {
    const world = new World();
    const task = await storedTask(world, 'awaiting-approval');
    const moved = { installationId: 44, repositoryId, owner: 'hexa', name: 'parcels' };
    const type = 'repository-moved';
    await handleTrigger(world.context, { ...world.byGitHub(), type, repository: moved });
    expect((await storedNow(world, task)).repository).toEqual(moved);
    const update = world.github.checkRuns.update.bind(world.github.checkRuns);
    const seen: unknown[] = [];
    world.github.checkRuns.update = (place, ...rest) => {
      seen.push(place);
      return update(place, ...rest);
    };
    await settleTask(world.context, task.id);
    expect(seen).toEqual([moved]);
  });
});
