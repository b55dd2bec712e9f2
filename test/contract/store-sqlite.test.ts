import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { openSqliteStore, type SqlStore } from '../../src/adapters/sql/open-sqlite-store.ts';
import { FakeClock } from '../support/fakes/fake-clock.ts';
import { temporaryFile, temporaryFolder } from './store-folder.ts';
import { contend } from './store-processes.ts';
import { sampleApproval, sampleRecord, sampleTask } from './store-samples.ts';

const clock = new FakeClock();
const pull = { repositoryId: 11, number: 5 };

async function open(file: string): Promise<SqlStore> {
  const store = await openSqliteStore({ file, clock });
  onTestFinished(() => store.close());
  return store;
}

/** Somebody who writes to the file behind the product's back. */
function intruder(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  onTestFinished(() => {
    database.close();
  });
  return database;
}

async function fileWithRows(): Promise<string> {
  const file = temporaryFile();
  const store = await open(file);
  const task = sampleTask('row');
  await store.tasks.insert(task);
  await store.approvals.add(sampleApproval(task));
  await store.artifacts.put(Buffer.from('patch'));
  await store.ledger.append({ type: 'task.queued', taskId: task.id, data: {} });
  return file;
}

test('what was written is there when the file is opened again', async () => {
  const file = await fileWithRows();
  const again = await open(file);
  const task = sampleTask('row');
  expect(await again.tasks.get(task.id)).toEqual(task);
  expect(await again.ledger.head()).toMatchObject({ seq: 1 });
});

test('the file and its log are readable by the owner alone', async () => {
  const file = await fileWithRows();
  for (const path of [file, `${file}-wal`, `${file}-shm`]) {
    expect(statSync(path).mode & 0o777).toBe(0o600);
  }
});

test('processes that start together on a new file migrate it once', async () => {
  const file = temporaryFile();
  await contend(4, (index) => ['append', file, `p${index}`, '0']);
  const rows = intruder(file).prepare('select name from kysely_migration').all();
  expect(rows.map(({ name }) => name)).toEqual([
    '0001-tables',
    '0002-pauses',
    '0003-replies',
    '0004-task-names',
    '0005-cursors',
    '0006-usage',
    '0007-subjects',
    '0008-leases',
    '0009-parameters',
    '0010-findings',
    '0011-content-pace',
    '0012-model-requests',
  ]);
});

test('tasks from before there were any for issues are for pull requests', async () => {
  const file = await fileWithRows();
  const past = intruder(file);
  past.exec('alter table tasks drop column subject_kind');
  for (const later of ['leases', 'findings', 'content_paces', 'content_writes']) {
    past.exec(`drop table ${later}`);
  }
  past.exec('alter table tasks drop column parameters');
  past.exec('alter table usage drop column requests');
  past.exec("delete from kysely_migration where name >= '0007'");
  const store = await open(file);
  const { id } = sampleTask('row');
  expect(await store.tasks.get(id)).toMatchObject({ subjectKind: 'pull-request', pullRequest: 5 });
});

test('each of 60 tasks goes to exactly one of four processes', async () => {
  const file = temporaryFile();
  const store = await open(file);
  for (let index = 0; index < 60; index += 1) await store.tasks.insert(sampleTask(`t${index}`));
  const won = (await contend(4, (index) => ['claim', file, `runner-${index}`])) as string[][];
  expect(won.flat().sort()).toEqual([...new Set(won.flat())].sort());
  expect(won.flat()).toHaveLength(60);
  for (const [index, ids] of won.entries()) {
    const held = await store.tasks.inStates(['preparing'], 100);
    const mine = held.filter((task) => task.runnerId === `runner-${index}`).map((task) => task.id);
    expect(mine.sort()).toEqual(ids.sort());
  }
});

test('two stores of one process on one file do not block each other', async () => {
  const file = temporaryFile();
  const stores = [await open(file), await open(file)];
  const appends = stores.flatMap(({ ledger }) =>
    Array.from({ length: 20 }, () => ledger.append({ type: 'test.two', taskId: null, data: {} })),
  );
  const seqs = (await Promise.all(appends)).map((entry) => entry.seq);
  expect(seqs.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
});

test.each([
  ['update approvals set decision = $value', 'approve'],
  ['delete from approvals', ''],
  ['insert or replace into approvals select * from approvals', ''],
  ['update ledger set data = $value', '{}'],
  ['delete from ledger', ''],
  ['insert or replace into ledger select * from ledger', ''],
])('the database itself refuses: %s', async (statement, value) => {
  const database = intruder(await fileWithRows());
  const run = () => database.prepare(statement).run(value === '' ? {} : { value });
  expect(run).toThrow('append-only');
});

test.each([
  ['a state that does not exist', "update tasks set state = 'flying'"],
  ['a short commit', "update tasks set head_sha = 'abc'"],
  ['a pull request of zero', 'update tasks set pull_request = 0'],
])('a task row with %s is store.corrupt', async (_, statement) => {
  const file = await fileWithRows();
  const store = await open(file);
  intruder(file).exec(statement);
  const get = store.tasks.get(sampleTask('row').id);
  await expect(get).rejects.toMatchObject({ code: 'store.corrupt' });
});

test.each([
  ['a state that does not exist', "update findings set state = 'flying'"],
  ['half a dismissal', "update findings set dismissed_via = 'command'"],
  ['a dismissal of what is open', 'update findings set dismissed_by_id = 1, dismissed_at_ms = 1'],
])('a finding with %s is store.corrupt', async (_, statement) => {
  const file = temporaryFile();
  const { findings } = await open(file);
  await findings.put(pull, 'lint', [sampleRecord('a')]);
  intruder(file).exec(statement);
  const read = findings.ofPullRequest(pull, 'lint');
  await expect(read).rejects.toMatchObject({ code: 'store.corrupt' });
});

test('of findings that are put together, all are kept or none', async () => {
  const { findings } = await open(temporaryFile());
  const many = Array.from({ length: 150 }, (_, index) =>
    sampleRecord('a', { id: `${index}`.padStart(12, '0') }),
  );
  const broken = sampleRecord('b', { rule: null as never });
  await expect(findings.put(pull, 'lint', [...many, broken])).rejects.toThrow('NOT NULL');
  expect(await findings.ofPullRequest(pull, 'lint')).toEqual([]);
});

test('an artifact with other bytes than its digest says is store.corrupt', async () => {
  const file = await fileWithRows();
  const store = await open(file);
  const digest = await store.artifacts.put(Buffer.from('patch'));
  intruder(file).prepare('update artifacts set bytes = ?').run(Buffer.from('other'));
  await expect(store.artifacts.get(digest)).rejects.toMatchObject({ code: 'store.corrupt' });
});

test('an approval of a task that does not exist is refused', async () => {
  const store = await open(temporaryFile());
  const approval = sampleApproval(sampleTask('absent'));
  await expect(store.approvals.add(approval)).rejects.toThrow('FOREIGN KEY');
});

test('a file that is no database is store.corrupt', async () => {
  const file = temporaryFile();
  writeFileSync(file, 'not a database, and long enough to be read as a header of one'.repeat(20));
  await expect(open(file)).rejects.toMatchObject({ code: 'store.corrupt' });
});

test('a database that a newer version has migrated is store.corrupt, not silently used', async () => {
  const file = await fileWithRows();
  intruder(file).exec("insert into kysely_migration values ('9999-later', '2030-01-01T00:00:00Z')");
  await expect(open(file)).rejects.toMatchObject({ code: 'store.corrupt' });
});

test('a folder that does not exist is store.unavailable', async () => {
  const file = join(temporaryFolder(), 'absent', 'sallyport.db');
  await expect(open(file)).rejects.toMatchObject({ code: 'store.unavailable', retryable: true });
});
