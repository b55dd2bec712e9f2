import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openSqliteStore, type SqlStore } from '../../src/adapters/sql/open-sqlite-store.ts';
import { verifyLedger } from '../../src/ledger/verify.ts';
import { FakeClock } from '../support/fakes/fake-clock.ts';
import { temporaryFile } from './store-folder.ts';
import { sampleTask } from './store-samples.ts';

const script = fileURLToPath(new URL('./store-mover.ts', import.meta.url));
const task = sampleTask('moved');

async function open(file: string): Promise<SqlStore> {
  const store = await openSqliteStore({ file, clock: new FakeClock() });
  onTestFinished(() => store.close());
  return store;
}

/** A process that moves the task on and on, and what it says after each move. */
function mover(file: string, mode: 'loop' | 'die-within') {
  const child = spawn(process.execPath, [script, mode, file, task.id], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, lines: createInterface({ input: child.stdout }) };
}

/** The last row is about the task as it is, and there is one row for each of its moves. */
async function expectTold(store: SqlStore): Promise<number> {
  const now = await store.tasks.get(task.id);
  const rows = await store.ledger.ofTask(task.id);
  const told = rows.map(({ type, data }) => ({ state: type.slice('task.'.length), ...data }));
  expect(told.at(-1)).toEqual({ state: now?.state, attempt: now?.attempt });
  const attempts = now?.attempt ?? 0;
  expect(rows).toHaveLength(2 * attempts - (now?.state === 'queued' ? 1 : 0));
  expect(await verifyLedger(store.ledger.read(1))).toMatchObject({ verified: true });
  return rows.length;
}

test('a process that dies between a move and its row has made neither', async () => {
  const file = temporaryFile();
  const store = await open(file);
  await store.tasks.insert(task, { type: 'task.queued', taskId: task.id, data: { attempt: 1 } });
  const { child } = mover(file, 'die-within');
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  expect(await store.tasks.get(task.id)).toEqual(task);
  expect(await expectTold(store)).toBe(1);
});

test('a process killed at any moment leaves no move without its row, and no row without its move', async () => {
  const file = temporaryFile();
  const store = await open(file);
  await store.tasks.insert(task, { type: 'task.queued', taskId: task.id, data: { attempt: 1 } });
  let before = 1;
  for (let round = 0; round < 4; round += 1) {
    const { child, lines } = mover(file, 'loop');
    // After a number of moves that differs each time: what it does then, nobody chooses.
    let left = 5 + 3 * round;
    for await (const _ of lines) {
      left -= 1;
      if (left === 0) child.kill('SIGKILL');
    }
    const after = await expectTold(store);
    expect(after).toBeGreaterThan(before);
    before = after;
  }
});
