import { describe, expect, test } from 'vitest';
import { digestOf, taskIdFor } from '../../../src/domain/ids.ts';
import type { LedgerEntry } from '../../../src/domain/ledger-entry.ts';
import { SallyportError } from '../../../src/errors.ts';
import { EMPTY_HEAD, GENESIS_HASH, hashOf, nextEntry } from '../../../src/ledger/chain.ts';
import { type VerifyOptions, verifyLedger } from '../../../src/ledger/verify.ts';
import { chainOf, stream } from './rows.ts';

type Forgery = (rows: LedgerEntry[]) => LedgerEntry[];

const at = (rows: readonly LedgerEntry[], seq: number): LedgerEntry => {
  const row = rows[seq - 1];
  if (row === undefined) throw new Error(`the test has no row ${seq}`);
  return row;
};
const rehashed = (row: LedgerEntry): LedgerEntry => ({
  ...row,
  hash: hashOf(row.previousHash, row),
});

/** Three sound rows, and then what the store threw. */
async function* failing(error: Error): AsyncGenerator<LedgerEntry> {
  yield* chainOf(3);
  throw error;
}

async function faults(rows: readonly LedgerEntry[], options?: VerifyOptions) {
  const result = await verifyLedger(stream(rows), options);
  return result.verified ? [] : result.faults.map(({ seq, kind }) => `${kind} ${seq}`);
}

describe('a sound ledger', () => {
  test.each([0, 1, 10])('of %i rows verifies and tells its head', async (count) => {
    const rows = chainOf(count);
    const { seq, hash } = rows.at(-1) ?? EMPTY_HEAD;
    const result = await verifyLedger(stream(rows), { expectedHeads: [{ seq, hash }] });
    expect(result).toEqual({ verified: true, events: count, head: { seq, hash } });
  });

  test('matches heads from any time of its life', async () => {
    const rows = chainOf(10);
    const expectedHeads = [1, 5, 10].map((seq) => ({ seq, hash: at(rows, seq).hash }));
    expect(await faults(rows, { expectedHeads })).toEqual([]);
    expect(await faults(rows, { expectedHeads: [{ seq: 0, hash: GENESIS_HASH }] })).toEqual([]);
  });

  test('counts the rows of one task', async () => {
    const taskId = taskIdFor('one', 'review');
    const rows = chainOf(2);
    rows.push(nextEntry(at(rows, 2), { type: 'task.done', taskId, data: {} }, 9_000));
    const result = await verifyLedger(stream(rows), { taskId });
    expect(result).toMatchObject({ verified: true, events: 1 });
  });
});

describe('a forged ledger', () => {
  const forgeries: readonly [string, Forgery, string[]][] = [
    ['data changed', (r) => r.with(4, { ...at(r, 5), data: { number: 99 } }), ['changed 5']],
    ['type changed', (r) => r.with(4, { ...at(r, 5), type: 'task.done' }), ['changed 5']],
    ['time changed', (r) => r.with(4, { ...at(r, 5), atMs: 5_001 }), ['changed 5']],
    ['hash changed', (r) => r.with(4, { ...at(r, 5), hash: digestOf('x') }), ['changed 5']],
    [
      'row changed and hashed again',
      (r) => r.with(4, rehashed({ ...at(r, 5), atMs: 5_001 })),
      ['changed 5'],
    ],
    ['first row changed', (r) => r.with(0, { ...at(r, 1), data: {} }), ['changed 1']],
    [
      'first row chained elsewhere',
      (r) => r.with(0, rehashed({ ...at(r, 1), previousHash: digestOf('x') })),
      ['changed 1'],
    ],
    [
      'lone surrogate put in',
      (r) => r.with(4, { ...at(r, 5), data: { a: '\ud800' } }),
      ['changed 5'],
    ],
    ['row removed', (r) => r.toSpliced(4, 1), ['removed 5']],
    ['rows removed', (r) => r.toSpliced(2, 4), ['removed 3']],
    ['first row removed', (r) => r.slice(1), ['removed 1']],
    ['rows swapped', (r) => r.with(4, at(r, 6)).with(5, at(r, 5)), ['removed 5', 'reordered 5']],
    [
      'rows swapped and renumbered',
      (r) => r.with(4, { ...at(r, 6), seq: 5 }).with(5, { ...at(r, 5), seq: 6 }),
      ['changed 5', 'changed 6'],
    ],
    ['row twice', (r) => r.toSpliced(5, 0, at(r, 5)), ['inserted 5']],
    ['old row again at the end', (r) => [...r, at(r, 3)], ['inserted 3']],
    [
      'other row of the same number',
      (r) => r.toSpliced(5, 0, rehashed({ ...at(r, 5), data: {} })),
      ['inserted 5'],
    ],
    [
      'row put in and the rest renumbered',
      (r) => [...r.slice(0, 4), ...r.slice(3).map((row) => ({ ...row, seq: row.seq + 1 }))],
      ['changed 5', 'changed 6', 'changed 7', 'changed 8', 'changed 9', 'changed 10', 'changed 11'],
    ],
    [
      'time set back with a sound hash',
      (r) => [...r, nextEntry({ ...at(r, 10), atMs: 0 }, at(r, 1), 5)],
      ['clock 11'],
    ],
  ];
  test.each(forgeries)('%s', async (_, forge, expected) => {
    expect(await faults(forge(chainOf(10)))).toEqual(expected);
  });

  test('one that was cut looks sound by itself, and is found against a head', async () => {
    const rows = chainOf(10);
    const expectedHeads = [{ seq: 10, hash: at(rows, 10).hash }];
    expect(await faults(rows.slice(0, 7))).toEqual([]);
    expect(await faults(rows.slice(0, 7), { expectedHeads })).toEqual(['truncated 8']);
    expect(await faults([], { expectedHeads })).toEqual(['truncated 1']);
  });

  test('one that was written anew looks sound by itself, and is found against a head', async () => {
    const { hash } = at(chainOf(10), 6);
    const anew = chainOf(10, { forged: true });
    expect(await faults(anew)).toEqual([]);
    expect(await faults(anew, { expectedHeads: [{ seq: 6, hash }] })).toEqual(['changed 6']);
    expect(await faults(anew, { expectedHeads: [{ seq: 0, hash }] })).toEqual(['changed 0']);
  });

  test('ends after 100 faults, whatever its length', async () => {
    const rows = chainOf(500).map((row) => ({ ...row, type: 'task.forged' }));
    expect(await faults(rows)).toHaveLength(100);
  });

  test('a row that cannot be read counts as changed', async () => {
    const result = await verifyLedger(
      failing(new SallyportError('ledger.broken', 'row 4 is not a ledger row')),
    );
    expect(result).toEqual({
      verified: false,
      events: 3,
      faults: [{ seq: 4, kind: 'changed', detail: 'row 4 is not a ledger row' }],
    });
  });

  test('a store that fails while it is read does not count as a verdict', async () => {
    await expect(
      verifyLedger(failing(new SallyportError('store.unavailable', 'gone'))),
    ).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});
