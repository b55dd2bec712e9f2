/**
 * One of several processes on one database: `node store-contender.ts claim|append FILE NAME COUNT`.
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

const [, , mode = '', file = '', name = '', count = '0'] = process.argv;
const store = await openSqliteStore({ file, clock });
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const result =
  mode === 'claim' ? await claim(store, name) : await append(store, name, Number(count));
process.stdout.write(`${JSON.stringify(result)}\n`);
await store.close();
process.stdin.destroy();
