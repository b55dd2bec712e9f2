import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerEvent } from '../../src/domain/ledger-entry.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { Store } from '../../src/ports/store.ts';
import { rowsOf } from './ledger-rows.ts';
import { sampleTask } from './store-samples.ts';

/** A store and the ledger in the same database. */
export type RecordedStore = Store & { readonly ledger: Ledger };

/** What every `Store` promises about moves and their rows in the ledger. */
export function describeToldContract(name: string, makeStore: () => Promise<RecordedStore>): void {
  describe(`${name} tells of moves`, () => {
    const task = sampleTask('told');
    const planned = { type: 'task.planned', taskId: task.id, data: { state: 'queued' } };
    let store: RecordedStore;
    beforeEach(async () => {
      store = await makeStore();
    });
    afterEach(async () => {
      await store.close();
    });

    const types = async () => (await rowsOf(store.ledger)).map(({ type }) => type);
    const noEvent = () => ({ ...planned, type: 'Not A Type' });
    const throws = () => {
      throw new Error('planned');
    };
    const move = (tell: () => LedgerEvent) =>
      store.tasks.transition(task.id, ['queued'], 'preparing', { runnerId: 'r' }, tell);

    test('a new task with its row, once', async () => {
      expect(await store.tasks.insert(task, planned)).toBe(true);
      expect(await store.tasks.insert(task, planned)).toBe(false);
      expect(await store.ledger.ofTask(task.id)).toMatchObject([planned]);
    });

    test('a move with a row that is made from the task as it is then', async () => {
      await store.tasks.insert(task, planned);
      await store.ledger.append({ type: 'test.between', taskId: null, data: {} });
      await store.tasks.transition(
        task.id,
        ['queued'],
        'preparing',
        { runnerId: 'r' },
        (moved) => ({
          type: `task.${moved.state}`,
          taskId: moved.id,
          data: { runnerId: moved.runnerId },
        }),
      );
      expect((await store.ledger.ofTask(task.id)).at(-1)).toMatchObject({
        type: 'task.preparing',
        data: { runnerId: 'r' },
      });
      const verified = await verifyLedger(store.ledger.read(1));
      expect(verified).toMatchObject({ verified: true, events: 3 });
    });

    test('nothing when nothing moves', async () => {
      await store.tasks.insert({ ...task, state: 'running' });
      expect(await move(() => planned)).toBeUndefined();
      expect(await types()).toEqual([]);
    });

    test('of many that want the same task, the one that has it', async () => {
      await store.tasks.insert(task);
      const moves = Array.from({ length: 20 }, (_, index) =>
        move(() => ({ type: 'test.won', taskId: task.id, data: { index } })),
      );
      const winner = (await Promise.all(moves)).findIndex((moved) => moved !== undefined);
      expect(await rowsOf(store.ledger)).toMatchObject([{ data: { index: winner } }]);
    });

    test.each([
      ['that is no event', noEvent, /pattern/],
      ['that throws', throws, 'planned'],
    ])('or does not move it for a row %s', async (_what, tell, message) => {
      await store.tasks.insert(task);
      await expect(move(tell)).rejects.toThrow(message);
      expect(await store.tasks.get(task.id)).toEqual(task);
      expect(await types()).toEqual([]);
    });

    test('or does not store a task for a row that is no event', async () => {
      await expect(store.tasks.insert(task, noEvent())).rejects.toThrow(/pattern/);
      expect(await store.tasks.get(task.id)).toBeUndefined();
    });
  });
}
