import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { digestOf } from '../../src/domain/ids.ts';
import type { Task } from '../../src/domain/task.ts';
import type { Store } from '../../src/ports/store.ts';
import { FakeClock } from '../support/fakes/fake-clock.ts';
import { describeFindingsContract } from './store-findings-contract.ts';
import { describePaceContract } from './store-pace-contract.ts';
import { describePlacesContract } from './store-places-contract.ts';
import { describeRecordContract } from './store-record-contract.ts';
import { sampleTask } from './store-samples.ts';
import { describeToldContract, type RecordedStore } from './store-told-contract.ts';

const names = (tasks: readonly Task[]) => tasks.map((task) => task.cause);

/** What every `Store` promises; run against the fake and against each database. */
export function describeStoreContract(
  name: string,
  makeStore: (clock: FakeClock) => Promise<RecordedStore>,
): void {
  describe(`${name} keeps tasks`, () => {
    let clock: FakeClock;
    let store: Store;
    beforeEach(async () => {
      clock = new FakeClock(5_000);
      store = await makeStore(clock);
    });
    afterEach(async () => {
      await store.close();
    });

    test('gives back every field of what was put in', async () => {
      const task = sampleTask('full', {
        instructions: 'mind the "quotes";\n-- and \u0000 lines',
        checkRunId: 2 ** 40,
        checkConcluded: true,
        runnerId: 'runner-1',
        inputDigest: digestOf('input'),
        imageDigest: 'sha256:image',
        outcomeDigest: digestOf('outcome'),
        patchDigest: digestOf('patch'),
        reason: 'limit:wall-clock',
      });
      expect(await store.tasks.insert(task)).toBe(true);
      expect(await store.tasks.get(task.id)).toEqual(task);
    });

    test('does not know a task that was not put in', async () => {
      expect(await store.tasks.get(sampleTask('absent').id)).toBeUndefined();
    });

    test('says false to a second task with the same id and keeps the first', async () => {
      const task = sampleTask('twice');
      await store.tasks.insert(task);
      expect(await store.tasks.insert({ ...task, attempt: 9 })).toBe(false);
      expect(await store.tasks.get(task.id)).toEqual(task);
    });

    test('moves a task, applies the patch and notes the time', async () => {
      const task = sampleTask('moves');
      await store.tasks.insert(task);
      const patch = { runnerId: 'r', checkConcluded: true };
      const moved = await store.tasks.transition(task.id, ['queued'], 'preparing', patch);
      expect(moved).toEqual({ ...task, ...patch, state: 'preparing', updatedAtMs: 5_000 });
      expect(await store.tasks.get(task.id)).toEqual(moved);
    });

    test('does not move a task that is in another state', async () => {
      const task = sampleTask('elsewhere', { state: 'running' });
      await store.tasks.insert(task);
      const moved = await store.tasks.transition(task.id, ['queued'], 'preparing', { attempt: 2 });
      expect(moved).toBeUndefined();
      expect(await store.tasks.get(task.id)).toEqual(task);
    });

    test('does not move a task that is not there, or from no state at all', async () => {
      const task = sampleTask('nowhere');
      expect(await store.tasks.transition(task.id, ['queued'], 'preparing')).toBeUndefined();
      await store.tasks.insert(task);
      expect(await store.tasks.transition(task.id, [], 'preparing')).toBeUndefined();
    });

    test('lets one of many that want the same task have it', async () => {
      const task = sampleTask('wanted');
      await store.tasks.insert(task);
      const runners = Array.from({ length: 20 }, (_, index) => `runner-${index}`);
      const moves = await Promise.all(
        runners.map((runnerId) =>
          store.tasks.transition(task.id, ['queued'], 'preparing', { runnerId }),
        ),
      );
      const winners = moves.filter((move) => move !== undefined);
      expect(winners).toHaveLength(1);
      expect(await store.tasks.get(task.id)).toEqual(winners[0]);
    });

    test.each([
      ['done', 'queued'],
      ['cancelled', 'publishing'],
      ['queued', 'applying'],
      ['running', 'running'],
    ] as const)('throws at a move from %s to %s and changes nothing', async (from, to) => {
      const task = sampleTask('stuck', { state: from });
      await store.tasks.insert(task);
      await expect(store.tasks.transition(task.id, [from], to)).rejects.toThrow('does not go from');
      expect(await store.tasks.get(task.id)).toEqual(task);
    });

    test('throws when one of several states does not allow the move, whatever the state is', async () => {
      const task = sampleTask('mixed');
      await store.tasks.insert(task);
      const move = store.tasks.transition(task.id, ['queued', 'done'], 'preparing');
      await expect(move).rejects.toThrow('does not go from done to preparing');
      expect(await store.tasks.get(task.id)).toEqual(task);
    });

    test('changes fields without moving the task', async () => {
      const task = sampleTask('patched', { reason: 'old' });
      await store.tasks.insert(task);
      const change = { checkRunId: 12, reason: null, policyDigest: digestOf('stricter') };
      await store.tasks.patch(task.id, { ...change, kind: 'review' });
      const patched = { ...task, ...change, kind: 'review', updatedAtMs: 5_000 };
      expect(await store.tasks.get(task.id)).toEqual(patched);
    });
  });

  describe(`${name} finds tasks`, () => {
    let store: Store;
    const other = { installationId: 7, repositoryId: 12, owner: 'octo', name: 'other' };
    beforeEach(async () => {
      store = await makeStore(new FakeClock());
      const tasks = [
        sampleTask('second', { createdAtMs: 2_000, state: 'running' }),
        sampleTask('first', { createdAtMs: 1_000, checkConcluded: true }),
        sampleTask('third', { createdAtMs: 3_000, state: 'done' }),
        sampleTask('other-pull', { createdAtMs: 1_500, pullRequest: 6 }),
        sampleTask('other-repo', { createdAtMs: 1_700, repository: other }),
      ];
      for (const task of tasks) await store.tasks.insert(task);
    });
    afterEach(async () => {
      await store.close();
    });

    test('of one pull request, newest first', async () => {
      const live = await store.tasks.ofPullRequest(11, 5, ['queued', 'running']);
      expect(names(live)).toEqual(['second', 'first']);
      expect(await store.tasks.ofPullRequest(11, 5, [])).toEqual([]);
      expect(await store.tasks.ofPullRequest(11, 99, ['queued'])).toEqual([]);
    });

    test('in given states, oldest first, no more than asked for', async () => {
      const all = await store.tasks.inStates(['queued', 'done'], 10);
      expect(names(all)).toEqual(['first', 'other-pull', 'other-repo', 'third']);
      expect(names(await store.tasks.inStates(['queued', 'done'], 2))).toEqual([
        'first',
        'other-pull',
      ]);
      expect(await store.tasks.inStates([], 10)).toEqual([]);
    });

    test('whose check is not concluded, oldest first, no more than asked for', async () => {
      expect(names(await store.tasks.unconcluded(3))).toEqual([
        'other-pull',
        'other-repo',
        'second',
      ]);
    });
  });

  describeRecordContract(name, () => makeStore(new FakeClock()));
  describePlacesContract(name, () => makeStore(new FakeClock()));
  describeFindingsContract(name, () => makeStore(new FakeClock()));
  describePaceContract(name, () => makeStore(new FakeClock()));
  describeToldContract(name, () => makeStore(new FakeClock()));
}
