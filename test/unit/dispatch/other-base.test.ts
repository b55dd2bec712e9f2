import { describe, expect, it } from 'vitest';
import { catchUpHeads } from '../../../src/dispatch/catch-up-heads.ts';
import { handleTrigger } from '../../../src/dispatch/handle-trigger.ts';
import { CommitSha } from '../../../src/domain/ids.ts';
import type { TaskKind } from '../../../src/domain/task.ts';
import type { EffectiveTask } from '../../../src/policy/effective-policy.ts';
import { rulesOf } from '../../../src/policy/rules-of.ts';
import { storedTask } from '../../support/fakes/fix-scene.ts';
import { baseSha, headSha, number, repository, World } from '../../support/fakes/world.ts';

const tip = CommitSha.parse('d'.repeat(40));
const onRelease = { baseSha: tip, baseRef: 'release' };

/** A world in which the head has a task that passed on `main`. */
async function passedOnMain(kind: TaskKind = 'review'): Promise<World> {
  const world = new World();
  await world.tellPusher();
  const task = await storedTask(world, 'done', { kind, task: { checkConcluded: true } });
  const run = world.github.runs.get(task.checkRunId ?? 0);
  if (run !== undefined) run.state = { status: 'completed', conclusion: 'success' };
  await world.clock.advance(1_000);
  return world;
}

function newest(world: World): unknown {
  return [...world.github.runs.values()].at(-1)?.state;
}

async function pause(world: World, isPaused = true): Promise<void> {
  const key = { repositoryId: repository.repositoryId, number };
  await world.store.pauses.set({ ...key, isPaused, atMs: isPaused ? 1 : 2 });
}

function setTriggers(world: World, change: Partial<EffectiveTask['triggers']>): void {
  const { triggers } = rulesOf(world.policy.policy, 'review');
  world.setRules('review', { triggers: { ...triggers, ...change } });
}

/** Points it at another base and closes it before anybody has looked, and opens it again. */
async function retargetInOneBreath(world: World): Promise<void> {
  world.setPull({ ...onRelease, state: 'closed' });
  await handleTrigger(world.context, world.pullRequest('retargeted'));
  await handleTrigger(world.context, world.pullRequest('closed'));
  world.setPull({ state: 'open' });
  await handleTrigger(world.context, world.pullRequest('reopened'));
}

/** Nobody tells of anything: a look finds it. */
async function retargetUnseen(world: World): Promise<void> {
  world.setPull(onRelease);
  await catchUpHeads(world.context);
  for (const trigger of world.deliveries.jobs.values()) await handleTrigger(world.context, trigger);
}

const passesNothing = { status: 'completed', conclusion: 'action_required' };
const stays: readonly (readonly [string, (world: World) => unknown])[] = [
  ['where it is paused', (world) => pause(world)],
  ['where its branch starts nothing', (world) => setTriggers(world, { branches: ['main'] })],
  [
    'where a label keeps it',
    (world) => {
      setTriggers(world, { labels: { any: [], none: ['wip'] } });
      world.setPull({ labels: ['wip'] });
    },
  ],
  ['where its paths start nothing', (world) => setTriggers(world, { ignorePaths: ['src/**'] })],
  ['where the event starts nothing', (world) => setTriggers(world, { events: ['synchronize'] })],
];

describe.each([
  ['retargeted, closed and opened again in one breath', retargetInOneBreath],
  ['retargeted without a word', retargetUnseen],
])('a pass on a base that may hide changes, %s,', (_how, retarget) => {
  it.each(stays)('is taken back once %s', async (_where, arrange) => {
    const world = await passedOnMain();
    await arrange(world);
    await retarget(world);
    expect(newest(world)).toEqual(passesNothing);
    expect(world.github.runs.size).toBe(2);
    await handleTrigger(world.context, world.pullRequest('labeled'));
    await retargetUnseen(world);
    expect(world.github.runs.size).toBe(2);
  });

  it('is taken back of a task that starts by a command alone', async () => {
    const world = await passedOnMain('fix');
    setTriggers(world, { branches: ['main'] });
    await retarget(world);
    const runs = [...world.github.runs.values()].filter(({ name }) => name === 'sallyport fix');
    expect(runs.at(-1)?.state).toEqual(passesNothing);
  });

  it('is taken back where there was nothing to do, and the event starts nothing now', async () => {
    const world = new World();
    await world.tellPusher();
    // Of another pull request: a look knows the repository.
    await storedTask(world, 'done', { task: { pullRequest: 99 } });
    await world.clock.advance(1_000);
    setTriggers(world, { ignorePaths: ['src/**'] });
    await handleTrigger(world.context, world.pullRequest('opened'));
    expect(newest(world)).toEqual({ status: 'completed', conclusion: 'skipped' });
    setTriggers(world, { events: ['synchronize'] });
    await retarget(world);
    expect(newest(world)).toEqual(passesNothing);
  });

  it('is followed by a review where one starts', async () => {
    const world = await passedOnMain();
    await retarget(world);
    const queued = await world.store.tasks.ofPullRequest(7, number, ['queued']);
    expect(queued).toMatchObject([{ headSha, baseSha: tip }]);
    expect(newest(world)).toEqual({ status: 'queued' });
    expect(world.github.runs.size).toBe(2);
  });
});

describe('a base branch that has only moved on', () => {
  it.each([...stays, ['where nothing keeps it', () => undefined] as const])(
    'takes nothing back, %s',
    async (_where, arrange) => {
      const world = await passedOnMain();
      await arrange(world);
      world.setPull({ baseSha: tip });
      for (const action of ['reopened', 'labeled', 'ready_for_review'] as const)
        await handleTrigger(world.context, world.pullRequest(action));
      await catchUpHeads(world.context);
      expect(newest(world)).toEqual({ status: 'completed', conclusion: 'success' });
      expect(world.github.runs.size).toBe(1);
    },
  );
});

it('is reviewed when it comes back in a pause to the base on which its pass was taken back', async () => {
  const world = await passedOnMain();
  await pause(world);
  world.setPull(onRelease);
  await handleTrigger(world.context, world.pullRequest('retargeted'));
  world.setPull({ baseSha, baseRef: 'main' });
  await handleTrigger(world.context, world.pullRequest('retargeted'));
  expect(newest(world)).toEqual(passesNothing);
  await handleTrigger(world.context, world.comment('maintainer', '/sallyport resume'));
  expect(newest(world)).toEqual({ status: 'queued' });
});
