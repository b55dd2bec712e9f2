import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sql/open-sqlite-store.ts';
import { hashOf } from '../../src/ledger/chain.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import { FakeClock } from '../support/fakes/fake-clock.ts';
import { rowsOf } from './ledger-rows.ts';
import { temporaryFile } from './store-folder.ts';
import { contend } from './store-processes.ts';

const PROCESSES = 4;
const APPENDS = 200;

async function open(file: string, clock = new FakeClock(1_000)): Promise<Ledger> {
  const store = await openSqliteStore({ file, clock });
  onTestFinished(() => store.close());
  return store.ledger;
}

async function appendMany(ledger: Ledger, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await ledger.append({ type: 'test.row', taskId: null, data: { index } });
  }
}

/** Runs `statement` on the file as somebody who first took the triggers away. */
function forge(file: string, statement: string): void {
  const database = new DatabaseSync(file);
  database.exec(
    'drop trigger if exists ledger_no_update; drop trigger if exists ledger_no_delete;',
  );
  database.exec(statement);
  database.close();
}

async function verdict(ledger: Ledger) {
  const result = await verifyLedger(ledger.read(1), { expectedHeads: [await ledger.head()] });
  return result.verified ? [] : result.faults.map(({ seq, kind }) => `${kind} ${seq}`);
}

test('four processes that append at once make one chain without gaps', async () => {
  const file = temporaryFile();
  const args = (index: number) => ['append', file, `process-${index}`, String(APPENDS)];
  const seqs = (await contend(PROCESSES, args)) as number[][];
  const all = seqs.flat().sort((a, b) => a - b);
  expect(all).toEqual(Array.from({ length: PROCESSES * APPENDS }, (_, index) => index + 1));
  for (const mine of seqs) expect(mine).toEqual(mine.toSorted((a, b) => a - b));
  const ledger = await open(file);
  const result = await verifyLedger(ledger.read(1), { expectedHeads: [await ledger.head()] });
  expect(result).toMatchObject({ verified: true, events: PROCESSES * APPENDS });
});

test('reads more rows than fit in a page', async () => {
  const ledger = await open(':memory:');
  await appendMany(ledger, 1_201);
  const rows = await rowsOf(ledger);
  expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 1_201 }, (_, i) => i + 1));
});

test('a clock that is set back gives rows of equal time', async () => {
  const file = temporaryFile();
  const before = await (await open(file, new FakeClock(9_000))).append({
    type: 'test.row',
    taskId: null,
    data: {},
  });
  const ledger = await open(file, new FakeClock(4_000));
  await appendMany(ledger, 1);
  expect((await rowsOf(ledger)).map((row) => row.atMs)).toEqual([9_000, 9_000]);
  expect(before.atMs).toBe(9_000);
});

test('lone surrogates cannot stop the record', async () => {
  const ledger = await open(':memory:');
  const { data } = await ledger.append({
    type: 'agent.said',
    taskId: null,
    data: { text: 'a\ud800b' },
  });
  expect(data).toEqual({ text: 'a\ufffdb' });
  expect(await verdict(ledger)).toEqual([]);
});

test('refuses an event that is none, and appends nothing', async () => {
  const ledger = await open(':memory:');
  const bad = { type: 'Not A Type\n', taskId: null, data: {} };
  await expect(ledger.append(bad)).rejects.toThrow('Invalid string');
  await expect(
    ledger.append({ type: 'test.row', taskId: null, data: { n: Number.NaN } }),
  ).rejects.toThrow('NaN');
  expect(await ledger.head()).toMatchObject({ seq: 0 });
});

test.each([
  ['a changed row', `update ledger set data = '{"index":7}' where seq = 3`, ['changed 3']],
  ['another type', `update ledger set type = 'test.other' where seq = 3`, ['changed 3']],
  ['a row that is no JSON', `update ledger set data = '{' where seq = 3`, ['changed 3']],
  ['a hash that is none', `update ledger set hash = 'x' where seq = 3`, ['changed 3']],
  [
    'a member that a reader of the text sees and the hash does not',
    `update ledger set data = '{"index":9,"index":2}' where seq = 3`,
    ['changed 3'],
  ],
  [
    'a member that schemas drop',
    `update ledger set data = '{"__proto__":1,"index":2}' where seq = 3`,
    ['changed 3'],
  ],
  ['a removed row', 'delete from ledger where seq = 3', ['removed 3']],
  ['a tail that was cut', 'delete from ledger where seq > 3', ['truncated 4']],
  [
    'rows whose places were swapped',
    `update ledger set seq = 99 where seq = 2; update ledger set seq = 2 where seq = 3;
     update ledger set seq = 3 where seq = 99`,
    ['changed 2', 'changed 3'],
  ],
  ['everything removed', 'delete from ledger', ['truncated 1']],
])('finds %s', async (_, statement, expected) => {
  const file = temporaryFile();
  const ledger = await open(file);
  await appendMany(ledger, 5);
  forge(file, statement);
  expect(await verdict(ledger)).toEqual(expected);
});

test('finds a row put in by somebody who hashes like we do', async () => {
  const file = temporaryFile();
  const ledger = await open(file);
  await appendMany(ledger, 3);
  const { hash: previousHash } = await ledger.head();
  const row = { seq: 4, atMs: 2_000, type: 'gate.write.approved', taskId: null, data: {} };
  const hash = hashOf(previousHash, row);
  forge(
    file,
    `insert into ledger (seq, at_ms, type, task_id, data, previous_hash, hash)
     values (4, 2000, '${row.type}', null, '{}', '${previousHash}', '${hash}')`,
  );
  // The chain holds, so this needs the head: the next append then refuses to write over the row.
  await expect(appendMany(ledger, 1)).rejects.toThrow('append-only');
});

test('a damaged head stops appends as ledger.broken', async () => {
  const file = temporaryFile();
  const ledger = await open(file);
  await appendMany(ledger, 1);
  forge(file, `update ledger_head set hash = 'x'`);
  await expect(appendMany(ledger, 1)).rejects.toMatchObject({ code: 'ledger.broken' });
  forge(file, 'delete from ledger_head');
  await expect(ledger.head()).rejects.toMatchObject({ code: 'ledger.broken' });
});
