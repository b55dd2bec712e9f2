import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sql/open-sqlite-store.ts';
import { FakeClock } from '../support/fakes/fake-clock.ts';
import { temporaryFile } from './store-folder.ts';
import { contend } from './store-processes.ts';

function writesIn(file: string): number[] {
  const database = new DatabaseSync(file);
  onTestFinished(() => {
    database.close();
  });
  const rows = database.prepare('select at_ms from content_writes order by at_ms').all();
  return rows.map(({ at_ms }) => Number(at_ms));
}

/** Most of `times` in any stretch of `spanMs`; in order. */
function densest(times: readonly number[], spanMs: number): number {
  return Math.max(
    ...times.map((from) => times.filter((at) => at >= from && at < from + spanMs).length),
  );
}

test('two processes together never create more than one may, and no less', async () => {
  const file = temporaryFile();
  const waits = (await contend(2, () => ['pace', file, '7', '9'])) as number[][];
  const writes = writesIn(file);
  expect(writes).toHaveLength(waits.flat().filter((waitMs) => waitMs === 0).length);
  expect(densest(writes, 60_000)).toBe(70);
  expect(writes).toHaveLength(450);
}, 120_000);

test('what no limit asks for any more is not kept', async () => {
  const file = temporaryFile();
  const store = await openSqliteStore({ file, clock: new FakeClock() });
  onTestFinished(() => store.close());
  for (const atMs of [0, 1, 60_000, 3_660_000])
    expect(await store.contentPace.take(7, atMs)).toBe(0);
  expect(writesIn(file)).toEqual([1, 60_000, 3_660_000]);
});
