/**
 * One of several processes on one database: `node store-contender.ts claim|append|pace FILE NAME COUNT`.
 * Says `ready` when it has opened the store, begins when it reads a line, and writes what it got as JSON.
 */
import { once } from 'node:events';
import process from 'node:process';
import { openSqliteStore, type SqlStore } from '../../src/adapters/sql/open-sqlite-store.ts';
import type { Clock } from '../../src/ports/clock.ts';

const clock: Clock = { nowMs: () => Date.now(), after: () => Promise.resolve() };

async function claim(store: SqlStore, runnerId: string): Promise<string[]> {
  const won: string[] = [];
  for (const { id } of await store.tasks.inStates(['queued', 'preparing'], 1_000)) {
    const task = await store.tasks.transition(id, ['queued'], 'preparing', { runnerId });
    if (task !== undefined) won.push(task.id);
  }
  return won;
}

async function append(store: SqlStore, name: string, count: number): Promise<number[]> {
  const seqs: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const event = { type: 'test.appended', taskId: null, data: { name, index } };
    seqs.push((await store.ledger.append(event)).seq);
  }
  return seqs;
}

/** Asks for more than there is in each of `minutes`, of which each begins an hour and more after the epoch. */
async function pace(store: SqlStore, installationId: number, minutes: number): Promise<number[]> {
  const waits: number[] = [];
  for (let minute = 0; minute < minutes; minute += 1) {
    for (let index = 0; index < 75; index += 1) {
      const nowMs = 10_000_000 + minute * 60_000;
      waits.push(await store.contentPace.take(installationId, nowMs));
    }
  }
  return waits;
}

async function work(store: SqlStore, mode: string, rest: readonly string[]): Promise<unknown> {
  const [name = '', count = '0'] = rest;
  if (mode === 'claim') return claim(store, name);
  if (mode === 'pace') return pace(store, Number(name), Number(count));
  return append(store, name, Number(count));
}

const [, , mode = '', file = '', ...rest] = process.argv;
const store = await openSqliteStore({ file, clock });
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const result = await work(store, mode, rest);
process.stdout.write(`${JSON.stringify(result)}\n`);
await store.close();
process.stdin.destroy();
