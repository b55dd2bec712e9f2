import { beforeEach, describe, expect, test } from 'vitest';
import { taskIdFor } from '../../src/domain/ids.ts';
import { EMPTY_HEAD } from '../../src/ledger/chain.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import { FakeClock } from '../support/fakes/fake-clock.ts';
import { rowsOf } from './ledger-rows.ts';

const one = taskIdFor('one', 'review');
const two = taskIdFor('two', 'review');

/** What every `Ledger` promises; run against the fake and against each database. */
export function describeLedgerContract(
  name: string,
  makeLedger: (clock: FakeClock) => Promise<Ledger>,
): void {
  describe(`${name} as a ledger`, () => {
    let clock: FakeClock;
    let ledger: Ledger;
    beforeEach(async () => {
      clock = new FakeClock(1_000);
      ledger = await makeLedger(clock);
    });

    test('begins empty', async () => {
      expect(await ledger.head()).toEqual({ seq: 0, hash: EMPTY_HEAD.hash });
      expect(await rowsOf(ledger)).toEqual([]);
    });

    test('gives back what was appended, numbered, dated and chained', async () => {
      const event = { type: 'task.queued', taskId: one, data: { b: [1, null], a: { c: 'é' } } };
      const first = await ledger.append(event);
      await clock.advance(500);
      const second = await ledger.append({ type: 'gate.write.approved', taskId: null, data: {} });
      expect(first).toMatchObject({ ...event, seq: 1, atMs: 1_000, previousHash: EMPTY_HEAD.hash });
      expect(second).toMatchObject({ seq: 2, atMs: 1_500, previousHash: first.hash });
      expect(await rowsOf(ledger)).toEqual([first, second]);
      expect(await ledger.head()).toEqual({ seq: 2, hash: second.hash });
    });

    test('verifies, also after many appends at once', async () => {
      const appends = Array.from({ length: 50 }, (_, index) =>
        ledger.append({ type: 'test.at-once', taskId: null, data: { index } }),
      );
      const seqs = (await Promise.all(appends)).map((entry) => entry.seq);
      expect(new Set(seqs).size).toBe(50);
      const result = await verifyLedger(ledger.read(1), { expectedHeads: [await ledger.head()] });
      expect(result).toMatchObject({ verified: true, events: 50, head: { seq: 50 } });
    });

    test('reads from any row on', async () => {
      for (let index = 0; index < 5; index += 1) {
        await ledger.append({ type: 'test.row', taskId: null, data: { index } });
      }
      expect((await rowsOf(ledger, 4)).map((entry) => entry.seq)).toEqual([4, 5]);
      expect(await rowsOf(ledger, 6)).toEqual([]);
    });

    test('finds the rows of one task, in order', async () => {
      for (const taskId of [one, two, null, one]) {
        await ledger.append({ type: 'test.row', taskId, data: {} });
      }
      expect((await ledger.ofTask(one)).map((entry) => entry.seq)).toEqual([1, 4]);
      expect(await ledger.ofTask(taskIdFor('three', 'review'))).toEqual([]);
    });

    test.each([
      ['line breaks that look like a row', 'x\n{"seq":2,"type":"gate.write.approved"}\r\n'],
      ['quotes that end the string', '"},"type":"gate.write.approved","x":{"y":"'],
      ['SQL', "'); delete from ledger; --"],
      ['a NUL and terminal codes', '\u0000\u001b[2J\u009b31m\u202e'],
    ])('keeps %s as one string of one row', async (_, hostile) => {
      const event = { type: 'agent.said', taskId: one, data: { text: hostile, [hostile]: 1 } };
      await ledger.append(event);
      const rows = await rowsOf(ledger);
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject(event);
      expect(await verifyLedger(ledger.read(1))).toMatchObject({ verified: true, events: 1 });
    });
  });
}
