import { type ColumnDefinitionBuilder, type Kysely, type RawBuilder, sql } from 'kysely';

/** The few places in which SQLite and PostgreSQL differ for this schema. */
export interface Flavour {
  readonly wholeNumber: 'integer' | 'bigint';
  readonly bytes: 'blob' | 'bytea';
  /** What stands behind `create table (...)`. */
  readonly tableEnd: RawBuilder<unknown>;
  /** A primary key that the database counts up. */
  counter(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder;
  /** Makes the database itself refuse update, delete and overwriting insert on `table`. */
  appendOnly(db: Kysely<unknown>, table: string, key: string): Promise<void>;
}

async function sqliteAppendOnly(db: Kysely<unknown>, table: string, key: string): Promise<void> {
  const refuse = sql`begin select raise(abort, ${sql.lit(`${table} is append-only`)}); end`;
  for (const action of ['update', 'delete']) {
    const name = sql.id(`${table}_no_${action}`);
    await sql`create trigger ${name} before ${sql.raw(action)} on ${sql.table(table)} ${refuse}`.execute(
      db,
    );
  }
  // `insert or replace` deletes the old row without running the delete trigger.
  const taken = sql`exists (select 1 from ${sql.table(table)} where ${sql.ref(key)} = new.${sql.ref(key)})`;
  await sql`create trigger ${sql.id(`${table}_no_replace`)} before insert on ${sql.table(table)}
    when ${taken} ${refuse}`.execute(db);
}

async function postgresAppendOnly(db: Kysely<unknown>, table: string): Promise<void> {
  const routine = sql.id(`${table}_append_only`);
  await sql`create function ${routine}() returns trigger language plpgsql as ${sql.lit(
    `begin raise exception '${table} is append-only'; end`,
  )}`.execute(db);
  // `insert ... on conflict do update` runs update triggers, so three events are enough here.
  await sql`create trigger ${sql.id(`${table}_no_change`)} before update or delete or truncate
    on ${sql.table(table)} for each statement execute function ${routine}()`.execute(db);
}

/** SQLite, with strict tables: a column holds its type or the statement fails. */
export const sqliteFlavour: Flavour = {
  wholeNumber: 'integer',
  bytes: 'blob',
  tableEnd: sql`strict`,
  counter: (column) => column.primaryKey().autoIncrement(),
  appendOnly: sqliteAppendOnly,
};

/** PostgreSQL 14 or later. */
export const postgresFlavour: Flavour = {
  wholeNumber: 'bigint',
  bytes: 'bytea',
  tableEnd: sql``,
  counter: (column) => column.primaryKey().generatedAlwaysAsIdentity(),
  appendOnly: postgresAppendOnly,
};
