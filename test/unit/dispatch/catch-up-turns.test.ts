import { describe, expect, it } from 'vitest';
import { catchUpHeads } from '../../../src/dispatch/catch-up-heads.ts';
import { CommitSha } from '../../../src/domain/ids.ts';
import { SallyportError } from '../../../src/errors.ts';
import { storedTask } from '../../support/fakes/fix-scene.ts';
import { newerSha, number, repository, World } from '../../support/fakes/world.ts';

/** A world in which there was work in the repository, on a head that is not the present one. */
async function known(): Promise<World> {
  const world = new World();
  await storedTask(world, 'done', {
    kind: 'review',
    cause: 'before',
    task: { headSha: newerSha, checkConcluded: true },
  });
  await world.clock.advance(1_000);
  return world;
}

function missing(): never {
  throw new Error('it is not there');
}

describe('commits beyond what one pass may ask for', () => {
  it('have their turn in the passes after it', async () => {
    const world = await known();
    const { pulls, runs } = world.github;
    const last = pulls.get(`7#${number}`) ?? missing();
    pulls.clear();
    for (let other = 100; other < 160; other += 1) {
      pulls.set(`7#${other}`, { ...last, number: other });
      const task = { pullRequest: other, checkConcluded: true };
      await storedTask(world, 'done', { kind: 'review', cause: `of-${other}`, task });
    }
    runs.clear();
    const sha = CommitSha.parse('e'.repeat(40));
    const task = { headSha: sha, checkConcluded: true };
    const stuck = await storedTask(world, 'failed', { kind: 'review', cause: 'stuck', task });
    pulls.set(`7#${number}`, { ...last, headSha: sha });
    const [run] = runs.values();
    runs.set(run?.id ?? 0, { ...(run ?? missing()), headSha: sha });
    const isFound = () =>
      [...world.publish.jobs.values()].some(({ taskId }) => taskId === stuck.id);
    await catchUpHeads(world.context);
    expect(isFound()).toBe(false);
    await catchUpHeads(world.context);
    expect(isFound()).toBe(true);
    // The round begins anew.
    await catchUpHeads(world.context);
    expect(world.github.faults.count('checkRuns.list')).toBe(50 + 11 + 50);
  });
});

describe('open pull requests beyond the first page', () => {
  it('have their turn, page after page', async () => {
    const world = await known();
    const { pulls } = world.github;
    const pull = pulls.get(`7#${number}`) ?? missing();
    for (let other = 1_000; other < 1_250; other += 1)
      pulls.set(`7#${other}`, { ...pull, number: other });
    const planned = async () => {
      world.deliveries.jobs.clear();
      await catchUpHeads(world.context);
      return [...world.deliveries.jobs.values()].map((job) => ('number' in job ? job.number : 0));
    };
    expect(await planned()).toContain(1_150);
    expect((await planned()).at(-1)).toBe(1_249);
    expect(await planned()).not.toContain(1_249);
  });
});

describe('repositories without work', () => {
  const other = (id: number) => ({
    ...repository,
    repositoryId: id,
    name: `r${id}`,
    installationId: 5,
  });

  function openedIn(world: World, ids: readonly number[]): void {
    const pull = world.github.pulls.get(`7#${number}`) ?? missing();
    for (const id of ids) world.github.pulls.set(`${id}#${number}`, pull);
  }

  async function found(world: World): Promise<readonly number[]> {
    world.deliveries.jobs.clear();
    await catchUpHeads(world.context);
    const jobs = [...world.deliveries.jobs.values()];
    return jobs.flatMap((job) => ('repository' in job ? [job.repository.repositoryId] : []));
  }

  it('are looked at like any other', async () => {
    const world = await known();
    world.github.reach.byInstallation.set(5, [other(70)]);
    openedIn(world, [70]);
    expect(await found(world)).toEqual([7, 70]);
  });

  it('are looked at in turn, through all installations, and then again', async () => {
    const world = await known();
    const many = Array.from({ length: 150 }, (_, index) => other(1_000 + index));
    world.github.reach.byInstallation
      .set(5, many)
      .set(6, [other(70)])
      .set(9, [other(71)]);
    openedIn(world, [1_000, 1_149, 70, 71]);
    expect(await found(world)).toEqual([7, 1_000]);
    expect(await found(world)).toEqual([7, 1_149]);
    expect(await found(world)).toEqual([7, 70, 71]);
    expect(await found(world)).toEqual([7, 1_000]);
  });

  it('go on with the next installation where one is gone or does not answer', async () => {
    const world = await known();
    const many = Array.from({ length: 150 }, (_, index) => other(1_000 + index));
    world.github.reach.byInstallation.set(5, many).set(6, [other(70)]);
    openedIn(world, [70]);
    await catchUpHeads(world.context);
    world.github.reach.byInstallation.delete(5);
    expect(await found(world)).toEqual([7, 70]);
    world.github.reach.byInstallation.set(4, []);
    const error = new SallyportError('github.forbidden', 'suspended');
    world.github.faults.plan({ method: 'reach.repositories', nth: 1, when: 'before', error });
    expect(await found(world)).toEqual([7, 70]);
  });

  it('are left for later where GitHub lists no installation', async () => {
    const world = await known();
    const error = new SallyportError('github.unavailable', 'away');
    world.github.faults.plan({ method: 'reach.installations', nth: 1, when: 'before', error });
    expect(await found(world)).toEqual([7]);
  });
});

it('after a rate limit, the repositories of its installation are left to the next look, and no others', async () => {
  const world = await known();
  const places = [
    { ...repository, repositoryId: 98, name: 'one' },
    { ...repository, repositoryId: 99, name: 'two', installationId: 5 },
  ];
  for (const place of places) {
    await world.clock.advance(1);
    await storedTask(world, 'done', { cause: place.name, task: { repository: place } });
  }
  const error = new SallyportError('github.unavailable', 'limited', { retryAfterMs: 60_000 });
  const { faults } = world.github;
  const asked = () => faults.count('pullRequests.listOpen');
  // Those with the newest work come first: one of installation 5, then two of another.
  faults.plan({ method: 'pullRequests.listOpen', nth: 2, when: 'before', error });
  await catchUpHeads(world.context);
  expect(asked()).toBe(2);
  await catchUpHeads(world.context);
  expect(asked()).toBe(2 + 3);
});
