import type { CreateTableBuilder, Kysely } from 'kysely';
import { EMPTY_HEAD } from '../../ledger/chain.ts';
import type { Flavour } from './flavour.ts';
import type { Database } from './schema.ts';

type Table = CreateTableBuilder<string>;

function texts(table: Table, names: readonly string[], required = true): Table {
  return names.reduce<Table>(
    (rest, name) => rest.addColumn(name, 'text', (col) => (required ? col.notNull() : col)),
    table,
  );
}

async function createTasks(db: Kysely<unknown>, { wholeNumber, tableEnd }: Flavour): Promise<void> {
  let table = db.schema
    .createTable('tasks')
    .addColumn('id', 'text', (col) => col.notNull().primaryKey()) as Table;
  table = texts(table, ['kind', 'state', 'owner', 'name', 'head_sha', 'base_sha', 'cause']);
  table = texts(table, ['requested_by_login', 'requested_by_type', 'policy_digest']);
  table = texts(table, ['instructions', 'runner_id', 'input_digest', 'image_digest'], false);
  table = texts(table, ['outcome_digest', 'patch_digest', 'reason'], false);
  for (const name of [
    'installation_id',
    'repository_id',
    'pull_request',
    'requested_by_id',
    'check_concluded',
    'attempt',
    'created_at_ms',
    'updated_at_ms',
  ]) {
    table = table.addColumn(name, wholeNumber, (col) => col.notNull());
  }
  await table.addColumn('check_run_id', wholeNumber).modifyEnd(tableEnd).execute();
}

async function indexTasks(db: Kysely<unknown>): Promise<void> {
  const index = (name: string) => db.schema.createIndex(name).on('tasks');
  await index('tasks_of_pull_request').columns(['repository_id', 'pull_request']).execute();
  await index('tasks_by_state').columns(['state', 'created_at_ms']).execute();
  await index('tasks_by_conclusion').columns(['check_concluded', 'created_at_ms']).execute();
}

async function createApprovals(db: Kysely<unknown>, flavour: Flavour): Promise<void> {
  const { wholeNumber } = flavour;
  let table = db.schema
    .createTable('approvals')
    .addColumn('id', wholeNumber, (col) => flavour.counter(col))
    .addColumn('task_id', 'text', (col) => col.notNull().references('tasks.id')) as Table;
  table = texts(table, ['gate', 'decision', 'head_sha', 'base_sha', 'policy_digest']);
  table = texts(table, ['by_login', 'by_type', 'role', 'via']);
  table = texts(table, ['patch_digest'], false);
  for (const name of ['repository_id', 'pull_request', 'by_id', 'at_ms']) {
    table = table.addColumn(name, wholeNumber, (col) => col.notNull());
  }
  await table.modifyEnd(flavour.tableEnd).execute();
  await db.schema.createIndex('approvals_of_task').on('approvals').column('task_id').execute();
  await flavour.appendOnly(db, 'approvals', 'id');
}

async function createSteps(db: Kysely<unknown>, { tableEnd }: Flavour): Promise<void> {
  await db.schema
    .createTable('steps')
    // No foreign key: a reply to a comment that asks for no task is a step too.
    .addColumn('task_id', 'text', (col) => col.notNull())
    .addColumn('step', 'text', (col) => col.notNull())
    .addColumn('reference', 'text')
    .addPrimaryKeyConstraint('steps_key', ['task_id', 'step'])
    .modifyEnd(tableEnd)
    .execute();
}

async function createArtifacts(db: Kysely<unknown>, flavour: Flavour): Promise<void> {
  await db.schema
    .createTable('artifacts')
    .addColumn('digest', 'text', (col) => col.notNull().primaryKey())
    .addColumn('bytes', flavour.bytes, (col) => col.notNull())
    .modifyEnd(flavour.tableEnd)
    .execute();
}

async function createLedger(db: Kysely<unknown>, flavour: Flavour): Promise<void> {
  const { wholeNumber } = flavour;
  await db.schema
    .createTable('ledger')
    .addColumn('seq', wholeNumber, (col) => col.notNull().primaryKey())
    .addColumn('at_ms', wholeNumber, (col) => col.notNull())
    .addColumn('type', 'text', (col) => col.notNull())
    // No foreign key: the ledger outlives and does not depend on the other tables.
    .addColumn('task_id', 'text')
    .addColumn('data', 'text', (col) => col.notNull())
    .addColumn('previous_hash', 'text', (col) => col.notNull().unique())
    .addColumn('hash', 'text', (col) => col.notNull().unique())
    .modifyEnd(flavour.tableEnd)
    .execute();
  await db.schema.createIndex('ledger_of_task').on('ledger').columns(['task_id', 'seq']).execute();
  await flavour.appendOnly(db, 'ledger', 'seq');
}

async function createLedgerHead(db: Kysely<unknown>, flavour: Flavour): Promise<void> {
  const { wholeNumber } = flavour;
  await db.schema
    .createTable('ledger_head')
    .addColumn('id', wholeNumber, (col) => col.notNull().primaryKey())
    .addColumn('seq', wholeNumber, (col) => col.notNull())
    .addColumn('hash', 'text', (col) => col.notNull())
    .addColumn('at_ms', wholeNumber, (col) => col.notNull())
    .modifyEnd(flavour.tableEnd)
    .execute();
  const { seq, hash, atMs } = EMPTY_HEAD;
  const rows = db as Kysely<Database>;
  await rows.insertInto('ledger_head').values({ id: 1, seq, hash, at_ms: atMs }).execute();
}

/** Creates every table of version 1. */
export async function createTables(db: Kysely<unknown>, flavour: Flavour): Promise<void> {
  await createTasks(db, flavour);
  await indexTasks(db);
  await createApprovals(db, flavour);
  await createSteps(db, flavour);
  await createArtifacts(db, flavour);
  await createLedger(db, flavour);
  await createLedgerHead(db, flavour);
}
