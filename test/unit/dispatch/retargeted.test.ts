import { describe, expect, it } from 'vitest';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { CommitSha } from '../../../src/domain/ids.ts';
import { TaskState } from '../../../src/domain/task.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import { storedTask } from '../../support/fakes/fix-scene.ts';
import { headSha, number, repository, World } from '../../support/fakes/world.ts';

it('reviews the same head again when the pull request is pointed at another base', async () => {
  const world = new World();
  await handleTrigger(world.context, world.pullRequest('opened'));
  await world.clock.advance(1_000);
  const baseSha = CommitSha.parse('d'.repeat(40));
  world.setPull({ baseSha, baseRef: 'release' });
  await handleTrigger(world.context, world.pullRequest('retargeted'));
  const [newer, older] = await world.store.tasks.ofPullRequest(
    repository.repositoryId,
    number,
    TaskState.options,
  );
  expect(newer).toMatchObject({ state: 'queued', headSha, baseSha });
  expect(older).toMatchObject({ state: 'superseded', headSha });
  expect(world.github.runs.size).toBe(2);
});

it('reviews the new base when it is opened again, although it was closed when that was told', async () => {
  const world = new World();
  await handleTrigger(world.context, world.pullRequest('opened'));
  const [first] = [...world.store.tasks.rows.values()];
  if (first === undefined) throw new Error('nothing was planned');
  world.store.tasks.rows.set(first.id, { ...first, state: 'done' });
  await world.clock.advance(1_000);
  const baseSha = CommitSha.parse('d'.repeat(40));
  world.setPull({ baseSha, baseRef: 'release', state: 'closed' });
  await handleTrigger(world.context, world.pullRequest('retargeted'));
  await handleTrigger(world.context, world.pullRequest('closed'));
  world.setPull({ state: 'open' });
  await handleTrigger(world.context, world.pullRequest('reopened'));
  const queued = await world.store.tasks.ofPullRequest(7, number, ['queued']);
  expect(queued).toMatchObject([{ headSha, baseSha }]);
});

describe('a pass on a base that may hide changes does not stand for another', () => {
  async function passed(): Promise<World> {
    const world = new World();
    const task = await storedTask(world, 'done', { kind: 'review' });
    const run = world.github.runs.get(task.checkRunId ?? 0);
    if (run !== undefined) run.state = { status: 'completed', conclusion: 'success' };
    world.setPull({ baseSha: CommitSha.parse('d'.repeat(40)), baseRef: 'release' });
    return world;
  }

  function newest(world: World): unknown {
    return [...world.github.runs.values()].at(-1)?.state;
  }

  it('where the pull request is paused', async () => {
    const world = await passed();
    const key = { repositoryId: repository.repositoryId, number };
    await world.store.pauses.set({ ...key, isPaused: true, atMs: 1 });
    await handleTrigger(world.context, world.pullRequest('retargeted'));
    expect(newest(world)).toEqual({ status: 'completed', conclusion: 'action_required' });
    expect(world.github.runs.size).toBe(2);
  });

  it.each([true, false])(
    'nor does one that had nothing to do there (paused: %s)',
    async (isPaused) => {
      const world = new World();
      const { triggers } = rulesOf(world.policy.policy, 'review');
      const events = ['opened' as const, 'synchronize' as const];
      world.setRules('review', { triggers: { ...triggers, events, ignorePaths: ['src/**'] } });
      await handleTrigger(world.context, world.pullRequest('opened'));
      expect(newest(world)).toEqual({ status: 'completed', conclusion: 'skipped' });
      const key = { repositoryId: repository.repositoryId, number };
      await world.store.pauses.set({ ...key, isPaused, atMs: 1 });
      world.setPull({ baseSha: CommitSha.parse('d'.repeat(40)), baseRef: 'release' });
      await handleTrigger(world.context, world.pullRequest('retargeted'));
      expect(newest(world)).toEqual({ status: 'completed', conclusion: 'action_required' });
      expect(world.github.runs.size).toBe(2);
    },
  );

  it('is skipped anew where the policy looks at the new base and finds nothing to do', async () => {
    const world = new World();
    const { triggers } = rulesOf(world.policy.policy, 'review');
    world.setRules('review', { triggers: { ...triggers, ignorePaths: ['src/**'] } });
    await handleTrigger(world.context, world.pullRequest('opened'));
    await handleTrigger(world.context, world.pullRequest('retargeted'));
    expect(newest(world)).toEqual({ status: 'completed', conclusion: 'skipped' });
  });

  it.each([
    ['for its branch', { branches: ['main'] }],
    ['since it does not name the event', { events: ['opened' as const] }],
  ])('where the policy starts nothing on it, %s', async (_why, change) => {
    const world = await passed();
    const { triggers } = rulesOf(world.policy.policy, 'review');
    world.setRules('review', { triggers: { ...triggers, ...change } });
    await handleTrigger(world.context, world.pullRequest('retargeted'));
    expect(newest(world)).toEqual({ status: 'completed', conclusion: 'action_required' });
  });
});
