import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CommitSha } from '../../src/domain/ids.ts';
import type { Store } from '../../src/ports/store.ts';
import { sampleTask } from './store-samples.ts';

const other = CommitSha.parse('c'.repeat(40));
const here = { installationId: 7, repositoryId: 11, owner: 'octo', name: 'fortress' };
const there = { installationId: 8, repositoryId: 12, owner: 'octo', name: 'moat' };

/** Where work is, and how far what looks for it has come. */
export function describePlacesContract(name: string, makeStore: () => Promise<Store>): void {
  describe(`${name} keeps places and cursors`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await makeStore();
    });
    afterEach(async () => {
      await store.close();
    });

    test('finds the tasks of a commit, of every pull request and in every state, newest first', async () => {
      const [one, two] = [
        sampleTask('one', { createdAtMs: 1, state: 'done' }),
        sampleTask('two', { createdAtMs: 2, pullRequest: 6 }),
      ];
      await store.tasks.insert(one);
      await store.tasks.insert(two);
      await store.tasks.insert(sampleTask('other-head', { headSha: other, createdAtMs: 3 }));
      await store.tasks.insert(sampleTask('other-repository', { repository: there }));
      await store.tasks.insert(sampleTask('issue', { subjectKind: 'issue', pullRequest: 8 }));
      expect(await store.tasks.ofHead(11, one.headSha)).toEqual([two, one]);
      expect(await store.tasks.ofHead(13, one.headSha)).toEqual([]);
    });

    test('finds the tasks of an installation, newest first', async () => {
      const tasks = [
        sampleTask('three', { createdAtMs: 3 }),
        sampleTask('two', { createdAtMs: 2, repository: { ...here, repositoryId: 99 } }),
        sampleTask('one', { createdAtMs: 1 }),
      ];
      for (const task of tasks.toReversed()) await store.tasks.insert(task);
      await store.tasks.insert(sampleTask('elsewhere', { repository: there }));
      await store.tasks.insert(sampleTask('ended', { state: 'failed' }));
      const { tasks: found } = store;
      expect(await found.ofInstallation(7, ['queued'], 10)).toEqual(tasks);
      expect(await found.ofInstallation(7, ['queued'], 2)).toEqual(tasks.slice(0, 2));
      expect(await found.ofInstallation(7, [], 10)).toEqual([]);
      expect(await found.ofInstallation(9, ['queued'], 10)).toEqual([]);
    });

    test('knows each repository once, as its newest task names it, the busiest last first', async () => {
      expect(await store.repositories.known(10)).toEqual([]);
      const renamed = { ...here, name: 'keep' };
      await store.tasks.insert(sampleTask('old', { createdAtMs: 1 }));
      await store.tasks.insert(sampleTask('moat', { createdAtMs: 2, repository: there }));
      await store.tasks.insert(sampleTask('new', { createdAtMs: 3, repository: renamed }));
      expect(await store.repositories.known(10)).toEqual([renamed, there]);
      expect(await store.repositories.known(1)).toEqual([renamed]);
    });

    test('moves a repository with all of its tasks, and no other', async () => {
      const moved = { ...here, installationId: 70, owner: 'hexa', name: 'keep' };
      const [one, two] = [sampleTask('one'), sampleTask('two', { state: 'done', pullRequest: 6 })];
      const stays = sampleTask('stays', { repository: there });
      for (const task of [one, two, stays]) await store.tasks.insert(task);
      await store.repositories.move(moved);
      expect(await store.tasks.get(one.id)).toEqual({ ...one, repository: moved });
      expect(await store.tasks.get(two.id)).toEqual({ ...two, repository: moved });
      expect(await store.tasks.get(stays.id)).toEqual(stays);
    });

    test('moves a cursor from where it stands, for one of many', async () => {
      expect(await store.cursors.at('a')).toBe(0);
      const moves = await Promise.all([5, 6, 7].map((toMs) => store.cursors.move('a', 0, toMs)));
      expect(moves.filter(Boolean)).toHaveLength(1);
      const at = await store.cursors.at('a');
      expect(await store.cursors.move('a', at + 1, 9)).toBe(false);
      expect(await store.cursors.move('a', at, 2 ** 45)).toBe(true);
      expect(await store.cursors.at('a')).toBe(2 ** 45);
      expect(await store.cursors.at('b')).toBe(0);
    });

    test('gives a name to one holder at a time, until it is given back or runs out', async () => {
      const { leases } = store;
      const take = (holder: string, nowMs: number, what = 'a') =>
        leases.take({ name: what, holder, nowMs, untilMs: nowMs + 10 });
      expect(await take('one', 0)).toBe(true);
      expect(await take('two', 9)).toBe(false);
      expect(await take('two', 9, 'b')).toBe(true);
      expect(await take('one', 9)).toBe(true);
      expect(await take('two', 18)).toBe(false);
      expect(await take('two', 19)).toBe(true);
      // One that has lost the name does not give back what another holds.
      await leases.release('a', 'one');
      expect(await take('one', 20)).toBe(false);
      await leases.release('a', 'two');
      expect(await take('one', 20)).toBe(true);
    });
  });
}
