import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import { expect, test } from 'vitest';
import { createContentPace } from '../../src/adapters/sql/content-pace-migration.ts';
import { createCursors } from '../../src/adapters/sql/cursors-migration.ts';
import { createFindings } from '../../src/adapters/sql/findings-migration.ts';
import { createTables } from '../../src/adapters/sql/first-migration.ts';
import { postgresFlavour } from '../../src/adapters/sql/flavour.ts';
import { createLeases } from '../../src/adapters/sql/leases-migration.ts';
import { createPauses } from '../../src/adapters/sql/pauses-migration.ts';
import { createReplies } from '../../src/adapters/sql/replies-migration.ts';
import { nameSubjects } from '../../src/adapters/sql/subjects-migration.ts';
import { nameTasks } from '../../src/adapters/sql/task-names-migration.ts';
import { createUsage } from '../../src/adapters/sql/usage-migration.ts';

/** The statements that the migration would send to PostgreSQL. No server runs them here. */
async function statements(): Promise<string[]> {
  const sent: string[] = [];
  const db = new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query }) => {
      sent.push(query.sql);
    },
  });
  await createTables(db, postgresFlavour);
  await createPauses(db, postgresFlavour);
  await createReplies(db, postgresFlavour);
  await nameTasks(db);
  await createCursors(db, postgresFlavour);
  await createUsage(db, postgresFlavour);
  await nameSubjects(db);
  await createLeases(db, postgresFlavour);
  await createFindings(db, postgresFlavour);
  await createContentPace(db, postgresFlavour);
  return sent;
}

test('the migration has no word that only SQLite knows when it is made for PostgreSQL', async () => {
  const sql = (await statements()).join('\n');
  for (const table of [
    'tasks',
    'approvals',
    'steps',
    'artifacts',
    'ledger',
    'ledger_head',
    'pauses',
    'replies',
    'cursors',
    'usage',
    'leases',
    'findings',
    'content_paces',
    'content_writes',
  ]) {
    expect(sql).toContain(`create table "${table}"`);
  }
  expect(sql).toContain('update "tasks" set "task_name" = "kind"');
  expect(sql).not.toMatch(/\b(strict|autoincrement|blob|raise\(abort|integer)\b/);
  expect(sql).toContain('"id" bigint generated always as identity primary key');
  expect(sql).toContain('"bytes" bytea not null');
});

test.each(['ledger', 'approvals'])(
  'PostgreSQL too is told to refuse changes of %s',
  async (table) => {
    const sql = (await statements()).join('\n');
    expect(sql).toContain(`create function "${table}_append_only"() returns trigger`);
    expect(sql.replaceAll(/\s+/g, ' ')).toContain(
      `before update or delete or truncate on "${table}" for each statement`,
    );
  },
);
