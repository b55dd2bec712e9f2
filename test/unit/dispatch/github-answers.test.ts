import { describe, expect, it } from 'vitest';
import { translateApiError } from '../../../src/adapters/octokit/api-error.ts';
import { settleTask } from '../../../src/dispatch/settle-task.ts';
import type { Task } from '../../../src/domain/task.ts';
import { storedNow, storedTask } from '../../support/fakes/fix-scene.ts';
import { World } from '../../support/fakes/world.ts';

/** What the adapter makes of an answer; without headers there was none, as after a timeout. */
function answered(status: number, headers?: Readonly<Record<string, string>>): Error {
  const response = headers === undefined ? {} : { response: { headers } };
  const error = translateApiError(Object.assign(new Error(`HTTP ${status}`), { status }, response));
  if (!(error instanceof Error)) throw new TypeError('no error');
  return error;
}

const inTenMinutes = { 'retry-after': '600' };
const tenMinutesMs = 600_000;

interface Publishing {
  readonly world: World;
  readonly task: Task;
  readonly settle: () => Promise<void>;
  readonly fails: (method: string, error: Error, when?: 'before' | 'after') => void;
}

async function publishing(): Promise<Publishing> {
  const world = new World();
  const task = await storedTask(world, 'publishing', { kind: 'review' });
  const { faults } = world.github;
  return {
    world,
    task,
    settle: () => settleTask(world.context, task.id),
    fails: (method, error, when = 'before') => faults.plan({ method, nth: 1, when, error }),
  };
}

/** What people see in the end: the check run of the task, and how many reviews. */
function shownBy({ world, task }: Publishing) {
  const run = world.github.runs.get(task.checkRunId ?? 0);
  return { state: run?.state, summary: run?.output.summary, reviews: world.github.reviews.length };
}

describe('an answer that a later one may mend', () => {
  it.each([
    ['500', 500, {}, 'before'],
    ['502', 502, {}, 'after'],
    ['no answer in time', 500, undefined, 'before'],
    ['no answer in time', 500, undefined, 'after'],
  ] as const)('%s: the job comes again, and looks before it writes', async (...row) => {
    const [, status, headers, when] = row;
    const scene = await publishing();
    for (const method of ['pullRequests.createReview', 'checkRuns.update']) {
      scene.fails(method, answered(status, headers), when);
      await expect(scene.settle()).rejects.toMatchObject({
        code: 'github.unavailable',
        retryable: true,
        retryAfterMs: null,
      });
    }
    await scene.settle();
    const state = { status: 'completed', conclusion: 'success' };
    expect(shownBy(scene)).toMatchObject({ state, reviews: 1 });
  });

  it.each([403, 429])(
    '%i for a limit: nothing is dropped, however long it lasts',
    async (status) => {
      const scene = await publishing();
      const { clock, github } = scene.world;
      const { faults } = github;
      for (let times = 0; times < 20; times += 1) {
        scene.fails('pullRequests.createReview', answered(status, inTenMinutes));
        await expect(scene.settle()).rejects.toMatchObject({ retryAfterMs: tenMinutesMs });
        await clock.advance(60_000);
        const asked = faults.count('pullRequests.createReview');
        await expect(scene.settle()).rejects.toMatchObject({ retryAfterMs: tenMinutesMs - 60_000 });
        // Nobody asks GitHub before it is time.
        expect(faults.count('pullRequests.createReview')).toBe(asked);
        await clock.advance(tenMinutesMs - 60_000);
      }
      await scene.settle();
      const state = { status: 'completed', conclusion: 'success' };
      expect(shownBy(scene)).toMatchObject({ state, reviews: 1 });
      expect(await storedNow(scene.world, scene.task)).toMatchObject({ state: 'done' });
    },
  );
});

describe('an answer that stays what it is', () => {
  it.each([
    [401, 'github.forbidden'],
    [403, 'github.forbidden'],
    [404, 'github.not-found'],
    [410, 'github.not-found'],
    [422, 'github.rejected'],
    [451, 'github.forbidden'],
  ])('%i to a review: the check has what it would have said', async (status, code) => {
    const scene = await publishing();
    scene.fails('pullRequests.createReview', answered(status, {}));
    await scene.settle();
    const { state, summary, reviews } = shownBy(scene);
    expect(state).toMatchObject({ status: 'completed' });
    expect(summary).toContain(code);
    expect(reviews).toBe(0);
    expect(await storedNow(scene.world, scene.task)).toMatchObject({ checkConcluded: true });
  });

  it.each([401, 403, 404, 410, 451])(
    '%i to a check run: it is not asked for ever, and the ledger has the result',
    async (status) => {
      const scene = await publishing();
      for (const nth of [1, 2]) {
        const error = answered(status, {});
        scene.world.github.faults.plan({ method: 'checkRuns.update', nth, when: 'before', error });
      }
      await scene.settle();
      expect(await storedNow(scene.world, scene.task)).toMatchObject({
        state: 'done',
        checkConcluded: true,
      });
      expect(scene.world.ledger.types()).toContain('task.done');
    },
  );

  it.each([401, 403, 404, 410, 451])(
    '%i to a question about the pull request: the task fails by that name, and its check says so',
    async (status) => {
      const scene = await publishing();
      scene.fails('pullRequests.get', answered(status, {}));
      await scene.settle();
      await scene.settle();
      const state = { status: 'completed', conclusion: 'failure' };
      expect(shownBy(scene)).toMatchObject({ state, reviews: 0 });
      expect(shownBy(scene).summary).toContain('report:github.');
    },
  );
});
